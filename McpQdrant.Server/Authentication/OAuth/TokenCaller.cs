using System.Security.Claims;
using McpQdrant.Core.Access;

namespace McpQdrant.Server.Authentication.OAuth;

/// <summary>The caller that a valid token stands for.</summary>
internal static class TokenCaller
{
    /// <returns>Null where the token doesn't say whose it is, or to what its bearer is bound; with the reason.</returns>
    public static (Caller? Caller, string? Problem) Of(ClaimsPrincipal token, OAuthOptions options)
    {
        if (token.FindFirst("sub")?.Value is not { Length: > 0 } subject)
            return (null, "The token doesn't say whose it is: it has no 'sub'.");

        var pins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, claim) in options.ScopeClaims)
        {
            // Of several values none is the one.
            if (token.FindAll(claim).ToArray() is not [{ Value: var value }] || ScopeFields.Problem(field, value) is not null)
                return (null, $"The token doesn't say for which '{field}' its bearer works: it needs the claim '{claim}', with one value.");
            pins[field] = value;
        }
        return (new Caller
        {
            Name = $"oauth:{subject}",
            // "scope" by RFC 9068; "scp" is what Microsoft's and Okta's servers write.
            Rights = Scopes.Parse(Values(token, "scope", ' ').Concat(Values(token, "scp", ' '))),
            Collections = options.CollectionsClaim is { } collections ? [.. Values(token, collections, ',')] : ["*"],
            HasScopes = true,
            Pins = pins,
        }, null);
    }

    /// <summary>The values of a claim, be it an array or one text.</summary>
    private static IEnumerable<string> Values(ClaimsPrincipal token, string claim, char separator) =>
        token.FindAll(claim).SelectMany(found => found.Value.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
