using System.Net;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Mcp;
using McpQdrant.ServiceDefaults;

namespace McpQdrant.Server.Cli;

/// <summary>Asks a server on this machine how it is.</summary>
internal static class HealthProbe
{
    /// <summary>Where a server says whether it can serve.</summary>
    public const string Path = "/health";

    /// <summary>Longer than a server takes that asks its store, and shorter than what container engines wait for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Where a server that listens there is asked; null where that can't be known, or not without TLS.</summary>
    public static Uri? AddressOf(IReadOnlyList<ListenAddress> listening) =>
        listening.FirstOrDefault(address => address.Scheme == Uri.UriSchemeHttp && address.Port != 0) is { } plain
            ? new Uri($"{plain with { Host = LocalHost(plain.Host) }}{Path}")
            : null;

    public static async Task<Health> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        // Settings for a proxy are for the world outside.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(address, cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable when !IsOurs(answer) => new Health(
                    HealthState.Unknown, $"What listens at {address} is another program: its answer doesn't name {McpServices.ServerName}. Check FASTMCP_HOST and FASTMCP_PORT."),
                HttpStatusCode.OK => new Health(HealthState.Healthy, $"The server at {address} is healthy."),
                HttpStatusCode.ServiceUnavailable => new Health(
                    HealthState.Unhealthy, $"The server at {address} can't serve: its store or its embedding model isn't ready, or it is ending. Its log says more."),
                var other => new Health(
                    HealthState.Unknown, $"What listens at {address} answers with status {(int)other}, as McpQdrant wouldn't. Check FASTMCP_HOST and FASTMCP_PORT."),
            };
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Health(HealthState.Unknown, $"Nothing answered at {address} within {Patience.TotalSeconds:0} seconds. The server is overloaded, or hangs.");
        }
        catch (HttpRequestException failure)
        {
            return new Health(
                HealthState.Absent, $"No server answers at {address}: {failure.GetBaseException().Message.TrimEnd('.')}. Check that it runs, and over HTTP, with these settings.");
        }
    }

    private static bool IsOurs(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(HealthExtensions.ServiceHeader, out var names) && names.Contains(McpServices.ServerName);

    /// <summary>A wildcard address can't be connected to; use loopback.</summary>
    private static string LocalHost(string host) => host switch
    {
        "*" or "0.0.0.0" => "127.0.0.1",
        "::" => "::1",
        _ => host,
    };
}

/// <summary>How a server is, with a sentence for people.</summary>
internal sealed record Health(HealthState State, string Sentence);

internal enum HealthState
{
    Healthy,

    /// <summary>It says itself that it can't serve.</summary>
    Unhealthy,

    /// <summary>Nothing listens there.</summary>
    Absent,

    /// <summary>Something listens that says nothing, or not what this server would.</summary>
    Unknown,
}
