using System.Text.Encodings.Web;
using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Authentication.OAuth;
using McpQdrant.Server.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Authentication;

/// <summary>Finds out who calls: by a key in <c>X-API-Key</c>, or a key or token in <c>Authorization: Bearer</c>; nowhere else.</summary>
internal sealed class CallerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder,
    CallerAuthenticationOptions options, ApiKeys keys, AuditLog audit)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "Caller";

    private const string KeyHeader = "X-API-Key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[KeyHeader] is [{ } key])
            return keys.Find(key) is { } holder ? Success(holder) : AuthenticateResult.Fail("The key is not known here.");

        if (Request.Headers.Authorization.Count == 0 && Request.Headers[KeyHeader].Count == 0)
            return options.AllowAnonymous ? Success(Caller.Anonymous) : AuthenticateResult.NoResult();

        if (Request.Headers.Authorization is not [{ } authorization] || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.Fail("Credentials come as 'Authorization: Bearer …' or 'X-API-Key: …', once.");

        var bearer = authorization["Bearer ".Length..].Trim();
        if (keys.Find(bearer) is { } caller)
            return Success(caller);

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
        Response.Headers.Append(HeaderNames.WWWAuthenticate, Challenge.Unauthenticated(Context, failure is not null));
        await HttpErrorResponse.WriteAsync(Context, StatusCodes.Status401Unauthorized, failure?.Message ?? "This server asks who calls. Send a key or a token as 'Authorization: Bearer …', or a key as 'X-API-Key: …'.");
    }

    private AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name), Scheme.Name));
}
