using System.Text.Json;
using McpQdrant.Server.Cli;
using McpQdrant.Tests.Embeddings.Remote;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Stores.Qdrant.Cluster;

namespace McpQdrant.Tests.Server.Cli;

/// <summary><c>doctor</c> over a cluster: what is there, and what is not as it should be.</summary>
public sealed class DoctorClusterTests : IAsyncDisposable
{
    private static readonly string[] Peers = ["http://node-a:6335/", "http://node-b:6335/", "http://node-c:6335/"];

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_cluster_that_is_well_is_shown()
    {
        await using var nodes = await StartAsync(new StandInCluster(Peers), shards: 2, replicas: 2);

        var cluster = await ExamineAsync(nodes);

        Assert.Equal("ok", cluster.State);
        Assert.Equal(
            [
                $"Answering: {string.Join(", ", nodes.Urls.Select(url => url.ToString().TrimEnd('/')))}.",
                "Nodes: node-a (1, leader), node-b (2), node-c (3).",
                "'notes': 2 shards, 2 replicas of each, a write needs 1.",
            ],
            cluster.Lines);
    }

    [Fact]
    public async Task One_replica_on_a_cluster_is_warned_of()
    {
        await using var nodes = await StartAsync(new StandInCluster(Peers), shards: 3, replicas: 1);

        var cluster = await ExamineAsync(nodes);

        Assert.Equal("warning", cluster.State);
        Assert.StartsWith("'notes' has a replication factor of 1: while one node is away its memories can't be read, and with its disk they are lost.", cluster.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_healthy_is_warned_of()
    {
        await using var nodes = await StartAsync(
            new StandInCluster(Peers) { Leader = null, Unreachable = [Peers[2]], Replicas = [(1, 3, "Dead")] }, shards: 2, replicas: 2);

        var cluster = await ExamineAsync(nodes);

        Assert.Equal("warning", cluster.State);
        Assert.StartsWith("The cluster has no leader", cluster.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("The node http://node-c:6335/ isn't reached by the others: tcp connect error.", cluster.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("'notes': the replica of shard 1 on node node-c is Dead.", cluster.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_is_warned_of()
    {
        await using var nodes = await StartAsync(new StandInCluster(Peers), shards: 2, replicas: 2);
        await nodes.KillAsync(1);

        var cluster = await ExamineAsync(nodes);

        Assert.Equal("warning", cluster.State);
        Assert.StartsWith($"{nodes.Urls[1].ToString().TrimEnd('/')} can't be used, so requests go to the other addresses: ", cluster.Lines[0], StringComparison.Ordinal);
        Assert.Equal($"Answering: {nodes.Urls[0].ToString().TrimEnd('/')}, {nodes.Urls[2].ToString().TrimEnd('/')}.", cluster.Lines[1]);
    }

    /// <summary>Servers that know nothing of each other would each have a part of the memories.</summary>
    [Fact]
    public async Task Addresses_that_are_no_cluster_are_warned_of()
    {
        await using var nodes = await StartAsync(cluster: null, shards: 1, replicas: 1);

        var cluster = await ExamineAsync(nodes);

        Assert.Equal("warning", cluster.State);
        Assert.Contains("are not nodes of one cluster: what is stored at one is not found at another.", cluster.Lines[0], StringComparison.Ordinal);
    }

    private async Task<ClusterNodes> StartAsync(StandInCluster? cluster, int shards, int replicas)
    {
        var nodes = await ClusterNodes.StartAsync();
        nodes.Cluster = cluster;
        using var body = new StringContent($$$"""{"vectors":{"v":{"size":3,"distance":"Cosine"} },"shard_number":{{{shards}}},"replication_factor":{{{replicas}}}}""");
        using var made = await _http.PutAsync(new Uri(nodes.Urls[0], "collections/notes"), body, TestContext.Current.CancellationToken);
        Assert.True(made.IsSuccessStatusCode);
        return nodes;
    }

    private async Task<(string? State, string[] Lines)> ExamineAsync(ClusterNodes nodes)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        var settings = _folder.Write("settings.json", JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["QDRANT_URL"] = nodes.List,
            ["EMBEDDING_PROVIDER"] = "openai",
            ["EMBEDDING_URL"] = provider.OpenAIOptions.Url!.AbsoluteUri,
            ["EMBEDDING_MODEL"] = provider.OpenAIOptions.Model!,
        }));

        var run = await CommandRun.OfAsync(DoctorCommand.Create(), ["--transport", "stdio", "--json", "--settings", settings], TestContext.Current.CancellationToken);

        Assert.True(run.Code == 0, run.Output);
        var cluster = JsonElement.Parse(run.Output).GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("part").GetString() == "cluster");
        return (cluster.GetProperty("state").GetString(), cluster.GetProperty("sentence").GetString()!.Split(Environment.NewLine));
    }
}
