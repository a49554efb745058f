using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Qdrant.Mapping;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant.Cluster;

/// <summary>The nodes that a cluster names itself, and who gets the key.</summary>
public sealed class QdrantDiscoveryTests
{
    private const string Key = "the-key-of-the-cluster";

    /// <summary>All of 127.0.0.0/8 is this machine, on Linux without further ado.</summary>
    private static readonly string[] Hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_the_cluster_names_serve_when_the_listed_one_is_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has 127.0.0.2 without setting it up.");
        await using var nodes = await StartAsync();
        using var service = Over(nodes, discover: true);
        await service.Store.CreateAsync(Notes.Spec, Token);
        // That the question came doesn't say that the answer was read.
        await UntilAsync(() => service.Log.Events.Any(entry => entry.Text.StartsWith("The cluster's nodes are", StringComparison.Ordinal)));
        Assert.Contains(("/cluster", Key), nodes.Seen(0));

        await nodes.KillAsync(0);
        await service.Store.UpsertAsync(Notes.Layout, [Notes.Memory(1)], Token);
        Assert.Equal(1, nodes.InUse);
        await nodes.KillAsync(1);
        Assert.Equal(1, await service.Store.CountAsync(Notes.Layout, null, Token));
        Assert.Equal(2, nodes.InUse);
    }

    [Fact]
    public async Task Only_nodes_that_are_listed_or_discovered_are_called_and_questions_for_readiness_hold_no_key()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has 127.0.0.2 without setting it up.");
        await using var nodes = await StartAsync();
        using var service = Over(nodes, discover: false, nodes.Urls[1]);
        await service.Store.CreateAsync(Notes.Spec, Token);
        await nodes.KillAsync(0);
        await service.Store.ListAsync(Token);
        await nodes.StartAsync(0);

        await UntilAsync(async () =>
        {
            await service.Store.ListAsync(Token);
            return nodes.Seen(0).Any(seen => seen.Path == "/readyz");
        });

        Assert.Empty(nodes.Seen(2));
        Assert.All(nodes.Seen(0).Concat(nodes.Seen(1)), seen => Assert.Equal(seen.Path == "/readyz" ? null : Key, seen.Key));
    }

    /// <summary>Peers tell the address by which they call each other; only its host is of use.</summary>
    [Theory]
    [InlineData("http://qdrant-1.qdrant-headless:6335/", "https://qdrant.example:6333/db/", "https://qdrant-1.qdrant-headless:6333/db/")]
    [InlineData("https://10.0.0.7:6335", "http://qdrant:7000/", "http://10.0.0.7:7000/")]
    [InlineData("http://[fd00::7]:6335/", "http://qdrant:6333/", "http://[fd00::7]:6333/")]
    [InlineData("http://localhost:6335/", "http://qdrant:6333/", null)]
    [InlineData("http://127.0.0.1:6335/", "http://qdrant:6333/", null)]
    [InlineData("http://127.0.0.1:6335/", "http://localhost:6333/", "http://127.0.0.1:6333/")]
    [InlineData("no address", "http://qdrant:6333/", null)]
    public void A_peers_rest_address_is_its_host_with_all_else_of_the_known_one(string peer, string known, string? expected)
    {
        var cluster = QdrantCluster.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"result":{{new StandInCluster(peer).Describe().ToJsonString()}},"status":"ok"}"""));

        Assert.Equal(expected is null ? [] : [new Uri(expected)], cluster!.AddressesBeside(new Uri(known)));
    }

    [Theory]
    [InlineData("""{"result":{"status":"disabled"},"status":"ok"}""")]
    [InlineData("""{"status":{"error":"Forbidden: Global access is required"}}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public void What_is_no_cluster_is_not_taken_for_one(string answer) => Assert.Null(QdrantCluster.Parse(System.Text.Encoding.UTF8.GetBytes(answer)));

    private static async Task<ClusterNodes> StartAsync()
    {
        var nodes = await ClusterNodes.StartAsync(Hosts, Key);
        nodes.Cluster = new StandInCluster(Hosts.Select(host => $"http://{host}:6335/").ToArray());
        return nodes;
    }

    private static QdrantService Over(ClusterNodes nodes, bool discover, params Uri[] others) =>
        new(new QdrantOptions { Url = nodes.Urls[0], OtherUrls = others, ApiKey = Key, Discover = discover });

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
    }
}
