using System.Text.Encodings.Web;
using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Authentication.OAuth;
using McpQdrant.Server.Authentication.Sessions;
using McpQdrant.Server.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Authentication;

/// <summary>Finds out who calls: by a key in <c>X-API-Key</c>, or a key or token in <c>Authorization: Bearer</c>; with the Explorer also by the session of its page.</summary>
internal sealed class CallerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder,
    CallerAuthenticationOptions options, ApiKeys keys, AuditLog audit)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "Caller";

    private const string KeyHeader = "X-API-Key";

    private const string BearerPrefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (key, bearer) = (Request.Headers[KeyHeader], Request.Headers.Authorization);
        if (key.Count + bearer.Count == 0)
            return AuthenticateSession() ?? (options.AllowAnonymous ? Success(Caller.Anonymous) : AuthenticateResult.NoResult());

        // Two credentials may belong to two callers. Taking one of them would let a proxy that adds its own key act for whoever it serves.
        return (key, bearer) switch
        {
            ([{ } only], []) => keys.Find(only) is { } holder ? Bind(holder) : AuthenticateResult.Fail("The key is not known here."),
            ([], [{ } only]) when only.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) => await AuthenticateBearerAsync(only[BearerPrefix.Length..].Trim()),
            _ => AuthenticateResult.Fail("Credentials come as 'Authorization: Bearer …' or 'X-API-Key: …': one of them, once."),
        };
    }

    /// <returns>Null where there is no session to look at.</returns>
    private AuthenticateResult? AuthenticateSession()
    {
        if (Context.RequestServices.GetService<BrowserSessions>() is not { } sessions || SessionCookie.Of(Context) is not { } ticket)
            return null;
        if (sessions.Read(ticket) is not { } session || keys.Find(session.KeySha256) is not { } holder)
            return AuthenticateResult.Fail("This session has ended. Sign in again.");

        // Before anything is done, whatever the route: so none can forget to ask.
        var changes = !HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method);
        return changes && !(Request.Headers[SessionCookie.CsrfHeader] is [var token] && session.Accepts(token))
            ? AuthenticateResult.Fail(new MissingCsrfTokenException())
            : Bind(holder);
    }

    private async Task<AuthenticateResult> AuthenticateBearerAsync(string bearer)
    {
        if (keys.Find(bearer) is { } holder)
            return Bind(holder);

        return Context.RequestServices.GetService<TokenValidation>() is { } tokens
            ? await tokens.ValidateAsync(Context)
            : AuthenticateResult.Fail("The key is not known here.");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        audit.Refused(HttpErrorResponse.AddressOf(Context), Request.Path.Value ?? "", collection: null, failure is null ? "no credentials" : "wrong credentials");
        if (failure is AuthorityUnreachableException)
        {
            Response.Headers.RetryAfter = "5";
            await HttpErrorResponse.WriteAsync(Context, StatusCodes.Status503ServiceUnavailable, failure.Message);
            return;
        }
        if (failure is MissingCsrfTokenException)
        {
            await HttpErrorResponse.WriteAsync(Context, StatusCodes.Status403Forbidden, failure.Message);
            return;
        }
        Response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge.Unauthenticated(Context, failure is not null));
        var sentence = failure?.Message ?? "This server asks who calls. Send a key or a token as 'Authorization: Bearer …', or a key as 'X-API-Key: …'.";
        // Clients without a key go on to addresses where authorization servers register clients. What they show is what they get there.
        if (EndpointKind.Of(Context) == EndpointKind.Unknown)
            await UnknownPaths.WriteAsync(Context, StatusCodes.Status401Unauthorized, "invalid_client", sentence);
        else
            await HttpErrorResponse.WriteAsync(Context, StatusCodes.Status401Unauthorized, sentence);
    }

    /// <summary>Where the SDK finds a session that another caller opened.</summary>
    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        audit.Refused(Caller.Of(Context.User)?.Name ?? HttpErrorResponse.AddressOf(Context), Request.Path.Value ?? "", collection: null, "another caller's session");
        await HttpErrorResponse.WriteAsync(Context, StatusCodes.Status403Forbidden, "This session belongs to another caller. Open one of your own.");
    }

    private AuthenticateResult Bind(CallerKey key)
    {
        var (caller, problem) = ScopeHeader.Bind(key, name => Request.Headers[name]);
        return caller is null ? AuthenticateResult.Fail(problem!) : Success(caller);
    }

    private AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name), Scheme.Name));
}
