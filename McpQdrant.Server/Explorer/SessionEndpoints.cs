using System.Text.Json.Serialization;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Authentication.Sessions;
using McpQdrant.Server.Http;
using McpQdrant.Server.Rest;
using Microsoft.AspNetCore.Authentication;

namespace McpQdrant.Server.Explorer;

/// <summary><c>/explorer/session</c>: signing in with a key, who is signed in, signing out.</summary>
internal sealed class SessionEndpoints(HttpOptions options, AuditLog audit)
{
    private const string Address = ExplorerPage.Path + "/session";

    /// <param name="asksWhoCalls">Whether callers are authenticated; where they aren't, there is nothing to sign in to.</param>
    public void Map(IEndpointRouteBuilder endpoints, bool asksWhoCalls)
    {
        // Refusals, bodies and limits are as those of the API.
        var session = endpoints.MapGroup(Address).WithMetadata(EndpointKind.Rest).ExcludeFromDescription();
        session.MapGet("", DescribeAsync);
        if (!asksWhoCalls)
            return;

        session.MapPost("", SignInAsync);
        session.MapDelete("", SignOutAsync).RequireAuthorization();
    }

    private async Task DescribeAsync(HttpContext context)
    {
        var authentication = options.Authentication;
        var state = new SessionState { AsksForKey = AsksForKey, TakesTokens = authentication.OAuth is not null };
        if (!authentication.IsConfigured)
        {
            await WriteAsync(context, state with { SignedIn = true });
            return;
        }

        var caller = await context.AuthenticateAsync() is { Succeeded: true, Principal: { } user } ? Caller.Of(user) : null;
        var session = SessionCookie.Of(context) is { } ticket ? Sessions(context).Read(ticket) : null;
        if (caller is null && SessionCookie.Of(context) is not null)
            SessionCookie.Delete(context);
        await WriteAsync(context, state with { SignedIn = caller is not null, Caller = caller?.Name, Csrf = caller is null ? null : session?.CsrfToken });
    }

    private async Task SignInAsync(HttpContext context)
    {
        var body = await RestBody.ReadAsync(context, ExplorerJson.Default.SignInBody);
        if (FindKey(body, context.RequestServices.GetRequiredService<ApiKeys>()) is not { } key)
        {
            audit.Refused(HttpErrorResponse.AddressOf(context), Address, collection: null, "wrong credentials");
            throw new RestException(StatusCodes.Status401Unauthorized, body.Key is null ? "This address was used before, or is no longer good." : "The key is not known here.");
        }
        if (ScopeHeader.Bind(key, name => context.Request.Headers[name]).Problem is not null)
            throw new RestException(StatusCodes.Status403Forbidden, "This key is a gateway's, which says in headers for whom it calls. Sign in with a key of your own.");

        var (ticket, session) = Sessions(context).Open(key.Sha256);
        SessionCookie.Set(context, ticket);
        await WriteAsync(context, new SessionState { AsksForKey = AsksForKey, SignedIn = true, Caller = key.Caller.Name, Csrf = session.CsrfToken });
    }

    private bool AsksForKey => options.Authentication is { SignInCode: null } and ({ ApiKey: not null } or { AccessFile: not null });

    private CallerKey? FindKey(SignInBody body, ApiKeys keys) => body switch
    {
        { Key: { } key, Code: null } => keys.Find(key.Trim()),
        { Key: null, Code: { } code } => options.Authentication.SignInCode?.TryUse(code) == true ? keys.Find(options.Authentication.ApiKey!) : null,
        _ => throw new MemoryException("Give the 'key' with which you sign in."),
    };

    private static Task SignOutAsync(HttpContext context)
    {
        SessionCookie.Delete(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static BrowserSessions Sessions(HttpContext context) => context.RequestServices.GetRequiredService<BrowserSessions>();

    private static Task WriteAsync(HttpContext context, SessionState state) =>
        context.Response.WriteAsJsonAsync(state, ExplorerJson.Default.SessionState, cancellationToken: context.RequestAborted);
}

internal sealed record SignInBody
{
    public string? Key { get; init; }

    /// <summary>In place of a key, where a command opened the page.</summary>
    public string? Code { get; init; }
}

internal sealed record SessionState
{
    /// <summary>Whether one signs in with a key.</summary>
    public bool AsksForKey { get; init; }

    /// <summary>Whether the server also takes tokens of an authorization server.</summary>
    public bool TakesTokens { get; init; }

    public bool SignedIn { get; init; }

    public string? Caller { get; init; }

    /// <summary>Goes with each request of this session that changes something.</summary>
    public string? Csrf { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(SessionState))]
internal sealed partial class ExplorerJson : JsonSerializerContext;
