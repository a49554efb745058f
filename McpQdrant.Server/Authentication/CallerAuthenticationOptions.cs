using McpQdrant.Server.Authentication.OAuth;
using McpQdrant.Server.Authentication.Sessions;

namespace McpQdrant.Server.Authentication;

/// <summary>How callers over HTTP show who they are.</summary>
internal sealed class CallerAuthenticationOptions
{
    /// <summary>A key whose holder may do everything.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The file of callers with keys of their own.</summary>
    public string? AccessFile { get; init; }

    /// <summary>By what sessions of browsers are encrypted; null for a secret of this process alone.</summary>
    public string? SessionSecret { get; init; }

    /// <summary>Opens one session of a browser, with <see cref="ApiKey"/>, which nobody is told; null where people sign in with keys.</summary>
    public OneTimeCode? SignInCode { get; init; }

    public OAuthOptions? OAuth { get; init; }

    /// <summary>Serves those who show nothing, too; a wrong key or token is refused all the same.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Whether there is anything by which to tell callers.</summary>
    public bool IsConfigured => ApiKey is not null || AccessFile is not null || OAuth is not null;
}
