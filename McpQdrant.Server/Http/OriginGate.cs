using System.Net;
using McpQdrant.Core.Access;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Http;

/// <summary>Lets no web page of others call, neither across origins nor by a name of its own that leads here (DNS rebinding).</summary>
/// <remarks>
/// A request that names this server by a numeric address passes: no other name was resolved to get here, so nothing was rebound, and
/// the page that sent it is told by its origin. Programs that are no browsers send no origin.
/// </remarks>
internal sealed class OriginGate(HttpOptions options, AuditLog audit)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsAllowedHost(context.Request.Host))
        {
            audit.Refused(HttpErrorResponse.AddressOf(context), context.Request.Path.Value ?? "", collection: null, "host");
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status403Forbidden,
                $"This server is not reached by the name in the request's Host. If it should be, the operator adds that name to {Settings.AllowedHosts.Name}.");
        }
        else if (context.Request.Headers.Origin is not [] and var origins && !(origins is [{ } origin] && (IsAllowedOrigin(origin) || IsOwnPage(origin, context.Request.Host))))
        {
            audit.Refused(HttpErrorResponse.AddressOf(context), context.Request.Path.Value ?? "", collection: null, "origin");
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status403Forbidden,
                $"Pages of this origin may not call this server. If they should, the operator adds the origin to {Settings.AllowedOrigins.Name}.");
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>Whether the page came from this server: its name was found good, so it is the server's own.</summary>
    /// <remarks>Where a proxy has the certificate, the page's scheme is https and that of the request is not.</remarks>
    private bool IsOwnPage(string origin, HostString host) =>
        options.Explorer
        && (origin.Equals($"http://{host.Value}", StringComparison.OrdinalIgnoreCase) || origin.Equals($"https://{host.Value}", StringComparison.OrdinalIgnoreCase));

    /// <param name="origin">As a browser sends it: <c>https://host:port</c>, or <c>null</c> for a page that has none to show.</param>
    public bool IsAllowedOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && (IsThisMachine(url.Host) || options.AllowedOrigins.Contains(url.GetLeftPart(UriPartial.Authority), StringComparer.OrdinalIgnoreCase));

    public bool IsAllowedHost(HostString host) =>
        host.HasValue
        && (IsThisMachine(host.Host) || IPAddress.TryParse(host.Host, out _) || options.AllowedHosts.Any(allowed => Matches(allowed, host)));

    private static bool Matches(string allowed, HostString host)
    {
        if (allowed == "*")
            return true;

        var pattern = new HostString(allowed);
        if (pattern.Port is { } port && port != host.Port)
            return false;

        return pattern.Host.StartsWith("*.", StringComparison.Ordinal)
            ? host.Host.EndsWith(pattern.Host[1..], StringComparison.OrdinalIgnoreCase)
            : host.Host.Equals(pattern.Host, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Names that lead to the caller's own machine, whatever a name server says (RFC 6761, section 6.3), and its addresses.</summary>
    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
