using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace McpQdrant.Server.Authentication.OAuth;

/// <summary>Checks a request's token by the authorization server's keys.</summary>
internal sealed partial class TokenValidation(OAuthOptions options, IOptionsMonitor<JwtBearerOptions> schemes, ILogger<TokenValidation> logger)
{
    /// <summary>Signatures by a private key only: with a shared one (HS256), whoever knows the public key could sign.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static void Configure(JwtBearerOptions jwt, OAuthOptions options)
    {
        jwt.Authority = options.Authority.OriginalString;
        jwt.RequireHttpsMetadata = !options.Authority.IsLoopback;
        jwt.BackchannelTimeout = TimeSpan.FromSeconds(10);
        jwt.MapInboundClaims = false;
        jwt.Events = new JwtBearerEvents { OnTokenValidated = RefuseCriticalHeaders };
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromSeconds(30),
        };
    }

    /// <remarks>"crit" names extensions that must be understood (RFC 7515, section 4.1.11), and this server understands none.</remarks>
    private static Task RefuseCriticalHeaders(TokenValidatedContext context)
    {
        if (context.SecurityToken is not JsonWebToken token || token.TryGetHeaderValue<object>("crit", out _))
            context.Fail("The token has critical headers.");
        return Task.CompletedTask;
    }

    public async Task<AuthenticateResult> ValidateAsync(HttpContext context)
    {
        try
        {
            // Kept once it was fetched. Without it any token would look badly signed.
            await schemes.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(context.RequestAborted);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            Unreachable(options.Authority, failure.InnerException?.Message ?? failure.Message);
            return AuthenticateResult.Fail(new AuthorityUnreachableException(failure));
        }

        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded)
            return AuthenticateResult.Fail("The key or token is not good here: unknown, expired, for another audience, or not signed as it must be.");

        var (caller, problem) = TokenCaller.Of(result.Principal, options);
        return caller is null
            ? AuthenticateResult.Fail(problem!)
            : AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(CallerHandler.SchemeName), CallerHandler.SchemeName));
    }

    [LoggerMessage(LogLevel.Error, "The authorization server {Authority} can't be reached: {Reason}")]
    private partial void Unreachable(Uri authority, string reason);
}

/// <summary>Tokens can't be checked just now: nothing is said about the token.</summary>
internal sealed class AuthorityUnreachableException(Exception innerException)
    : Exception("The authorization server of this server can't be reached, so tokens can't be checked. Try again in a moment.", innerException);
