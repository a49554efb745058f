using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication.OAuth;

namespace McpQdrant.Server.Authentication;

/// <summary>What <c>WWW-Authenticate</c> says (RFC 6750, RFC 9728): what is wrong, which scopes it takes, and where to get a token.</summary>
internal static class Challenge
{
    /// <param name="wasWrong">Whether credentials were sent, and were not good.</param>
    public static string Unauthenticated(HttpContext context, bool wasWrong)
    {
        var metadata = context.RequestServices.GetService<ResourceMetadata>();
        string?[] parts =
        [
            wasWrong ? "error=\"invalid_token\"" : null,
            metadata is null ? null : $"scope=\"{Scopes.Of(Rights.All)}\"",
            metadata is null ? null : $"resource_metadata=\"{metadata.Url(context.Request)}\"",
        ];
        return $"Bearer {string.Join(", ", parts.OfType<string>())}".TrimEnd();
    }

    /// <param name="needed">What the request takes.</param>
    public static string InsufficientScope(HttpContext context, Rights needed) =>
        $"Bearer error=\"insufficient_scope\", scope=\"{Scopes.Of(needed)}\""
        + (context.RequestServices.GetService<ResourceMetadata>() is { } metadata ? $", resource_metadata=\"{metadata.Url(context.Request)}\"" : "");
}
