using System.Net;
using McpQdrant.Server.Access;

namespace McpQdrant.Server.Transports.Http;

internal sealed record HttpOptions
{
    /// <summary>Addresses to listen on, for instance <c>http://127.0.0.1:8000</c>.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The longest request body, in bytes.</summary>
    public required long MaxRequestBytes { get; init; }

    /// <summary>How long a request's body may take to arrive.</summary>
    public required TimeSpan BodyTimeout { get; init; }

    /// <summary>Requests a minute of one caller; 0 for any number.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>Requests of one caller that are served at once; as many more wait.</summary>
    public required int ConcurrentRequests { get; init; }

    /// <summary>How callers show who they are.</summary>
    public required CallerAuthenticationOptions Authentication { get; init; }

    /// <summary>Web pages that may call, besides those of this machine, for instance <c>https://app.example.com</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Names of this server, besides those of this machine, possibly with a port: <c>mcp.example.com</c>, <c>*.example.com</c>, <c>*</c>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Proxies that say truly for whom they ask.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether clients of before 2025 are served too, at <c>/sse</c>.</summary>
    public bool LegacySse { get; init; }

    /// <summary>How long requests under way may still take after the order to stop.</summary>
    public required TimeSpan DrainTimeout { get; init; }
}
