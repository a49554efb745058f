using System.Security.Claims;
using McpQdrant.Core.Access;

namespace McpQdrant.Server.Authentication.OAuth;

/// <summary>The caller that a valid token stands for.</summary>
internal static class TokenCaller
{
    /// <returns>Null where the token doesn't say whose it is.</returns>
    public static Caller? Of(ClaimsPrincipal token, OAuthOptions options)
    {
        if (token.FindFirst("sub")?.Value is not { Length: > 0 } subject)
            return null;

        return new Caller
        {
            Name = $"oauth:{subject}",
            // "scope" by RFC 9068; "scp" is what Microsoft's and Okta's servers write.
            Rights = Scopes.Parse(Values(token, "scope", ' ').Concat(Values(token, "scp", ' '))),
            Collections = options.CollectionsClaim is { } claim ? [.. Values(token, claim, ',')] : ["*"],
            HasScopes = true,
        };
    }

    /// <summary>The values of a claim, be it an array or one text.</summary>
    private static IEnumerable<string> Values(ClaimsPrincipal token, string claim, char separator) =>
        token.FindAll(claim).SelectMany(found => found.Value.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
