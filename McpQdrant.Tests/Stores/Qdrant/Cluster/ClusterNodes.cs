using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using McpQdrant.Tests.Qdrant;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Stores.Qdrant.Cluster;

/// <summary>Three stand-ins that serve the same, as the nodes of a cluster do. They can be killed and started again.</summary>
internal sealed class ClusterNodes : IAsyncDisposable
{
    private readonly StandInApi _api;
    private readonly Node[] _nodes;

    private ClusterNodes(StandInApi api, Node[] nodes) => (_api, _nodes) = (api, nodes);

    /// <summary>The addresses, in order.</summary>
    public IReadOnlyList<Uri> Urls => [.. _nodes.Select(node => node.Url)];

    /// <summary>As the setting takes them.</summary>
    public string List => string.Join(",", Urls);

    /// <summary>Which node answered last.</summary>
    public int InUse { get; private set; }

    public StandInCluster? Cluster
    {
        set => _api.Cluster = value;
    }

    /// <param name="hosts">Addresses of this machine; the port is the same where they differ, since discovery knows hosts only.</param>
    /// <param name="key">The key that they ask for; null for none.</param>
    public static async Task<ClusterNodes> StartAsync(IReadOnlyList<string>? hosts = null, string? key = null)
    {
        var port = hosts is null ? 0 : FreePort();
        var keys = new Dictionary<string, StandInAccess>();
        if (key is not null)
            keys.Add(key, StandInAccess.Everything);
        var nodes = new ClusterNodes(
            new StandInApi(keys), [.. (hosts ?? ["127.0.0.1", "127.0.0.1", "127.0.0.1"]).Select(host => new Node(new Uri($"http://{host}:{(port == 0 ? FreePort() : port)}/")))]);
        for (var node = 0; node < nodes._nodes.Length; node++)
            await nodes.StartAsync(node);
        return nodes;
    }

    /// <summary>What a node was asked: the path, and the key that came along.</summary>
    public IReadOnlyCollection<(string Path, string? Key)> Seen(int node) => _nodes[node].Seen;

    /// <summary>Looks at each request to a node first, and says whether it has dealt with it.</summary>
    public void Before(int node, Func<HttpContext, Task<bool>>? before) => _nodes[node].Before = before;

    public async Task StartAsync(int number)
    {
        var node = _nodes[number];
        node.Server = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions
            {
                Urls = node.Url.ToString(),
                Shared = _api,
                Before = context =>
                {
                    var path = context.Request.Path.Value!;
                    node.Seen.Enqueue((path, context.Request.Headers["api-key"]));
                    if (path != "/readyz")
                        InUse = number;
                    return node.Before?.Invoke(context) ?? Task.FromResult(false);
                },
            },
            CancellationToken.None);
    }

    public async Task KillAsync(int number)
    {
        await _nodes[number].Server!.KillAsync();
        _nodes[number].Server = null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            if (node.Server is { } server)
                await server.DisposeAsync();
        }
    }

    /// <summary>Answers as a node does while the cluster is between two states.</summary>
    public static async Task<bool> FailAsync(HttpContext context, string error)
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        await context.Response.WriteAsync($$$"""{"status":{"error":"{{{error}}}"},"time":0}""");
        return true;
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Any, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private sealed class Node(Uri url)
    {
        public Uri Url { get; } = url;

        public ConcurrentQueue<(string Path, string? Key)> Seen { get; } = [];

        public Func<HttpContext, Task<bool>>? Before { get; set; }

        public QdrantStandIn? Server { get; set; }
    }
}
