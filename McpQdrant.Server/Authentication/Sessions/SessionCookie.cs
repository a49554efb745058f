using McpQdrant.Server.Http;

namespace McpQdrant.Server.Authentication.Sessions;

/// <summary>The cookie by which a browser shows its session, and the header that has to come with it where something changes.</summary>
internal static class SessionCookie
{
    public const string CsrfHeader = "X-CSRF-Token";

    /// <summary>Counts for the page and the API behind it. What speaks MCP takes no cookies.</summary>
    public static string? Of(HttpContext context) =>
        EndpointKind.Of(context) == EndpointKind.Rest && context.Request.Cookies.TryGetValue(NameFor(context.Request), out var ticket) ? ticket : null;

    public static void Set(HttpContext context, string ticket) => context.Response.Cookies.Append(NameFor(context.Request), ticket, Options(context.Request, BrowserSessions.Lifetime));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, lifetime: null));

    /// <remarks>
    /// Browsers share cookies among the ports of a host, so the port is in the name: two servers on one machine don't sign each other out.
    /// Over TLS the prefix keeps other hosts of the domain from setting it (RFC 6265bis).
    /// </remarks>
    public static string NameFor(HttpRequest request) =>
        $"{(request.IsHttps ? "__Host-" : "")}mcp-explorer{(request.Host.Port is { } port ? $"-{port}" : "")}";

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}

/// <summary>A request that changes something came with the cookie alone, which any page may have made a browser send.</summary>
internal sealed class MissingCsrfTokenException() : Exception(
    $"This request changes something and came by a session without its {SessionCookie.CsrfHeader}. Load the page again.");
