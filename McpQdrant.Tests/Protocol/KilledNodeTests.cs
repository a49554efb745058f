using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Stores.Qdrant.Cluster;

namespace McpQdrant.Tests.Protocol;

/// <summary>The server over three nodes of Qdrant, of which the one in use is killed again and again: no call fails, and nothing is lost.</summary>
public sealed class KilledNodeTests(ITestOutputHelper output)
{
    private const int Writers = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>More with <c>KILLS=30</c>, a minute.</summary>
    private static readonly int Kills = int.Parse(System.Environment.GetEnvironmentVariable("KILLS") ?? "3", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killing_the_node_in_use_under_four_writers_fails_no_call_and_loses_nothing()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_URL"] = nodes.List, ["MCP_RATE_LIMIT"] = "0" });
        using var done = new CancellationTokenSource();
        var stored = new ConcurrentDictionary<string, string>();

        var writing = Enumerable.Range(0, Writers).Select(writer => WriteAsync(server, writer, stored, done.Token)).ToArray();
        var killed = new HashSet<int>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(Interval / 2, TestContext.Current.CancellationToken);
            var victim = nodes.InUse;
            killed.Add(victim);
            await nodes.KillAsync(victim);
            await Task.Delay(Interval / 2, TestContext.Current.CancellationToken);
            await nodes.StartAsync(victim);
        }
        await done.CancelAsync();
        await Task.WhenAll(writing);

        output.WriteLine($"{Kills} kills of {killed.Count} nodes, {stored.Count} memories");
        Assert.True(stored.Count > Kills, $"Only {stored.Count} were stored.");
        foreach (var (id, text) in stored)
        {
            var read = await server.CallAsync(Messages.Request(1, "resources/read", new() { ["uri"] = $"memory://notes/{id}" }));
            Assert.True(read.TryGetProperty("result", out var memory) && memory.ToString().Contains(text, StringComparison.Ordinal), $"'{text}' was acknowledged and is not there: {read}");
        }
    }

    /// <summary>Stores, and changes what it has stored, until it is told to end.</summary>
    private static async Task WriteAsync(HttpServerProcess server, int writer, ConcurrentDictionary<string, string> stored, CancellationToken done)
    {
        for (var i = 0; !done.IsCancellationRequested; i++)
        {
            var reply = await server.CallAsync(Messages.Store(i, $"writer {writer} memory {i}."));
            Assert.True(reply.Result().TryGetProperty("structuredContent", out var memory), reply.Text());
            var id = memory.GetProperty("id").GetString()!;
            stored[id] = $"writer {writer} memory {i}.";
            if (i % 3 != 0)
                continue;

            var change = await server.CallAsync(Messages.Call(i, "qdrant-update", new JsonObject { ["id"] = id, ["information"] = $"changed by writer {writer}, {i}.", ["collection_name"] = "notes" }));
            Assert.False(change.Result().TryGetProperty("isError", out var isError) && isError.GetBoolean(), change.Text());
            stored[id] = $"changed by writer {writer}, {i}.";
        }
    }
}
