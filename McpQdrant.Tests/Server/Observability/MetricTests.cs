namespace McpQdrant.Tests.Server.Observability;

public sealed class MetricTests
{
    private const string Collection = "db.collection.name";

    private readonly string _collection = $"notes-{Guid.NewGuid():N}";

    [Fact]
    public async Task Each_figure_is_recorded()
    {
        var watched = await Watched.RunAsync(async client =>
        {
            await client.CallToolAsync("qdrant-find", Arguments("query", "apples"));
            await client.CallToolAsync("qdrant-store", Arguments("information", "red apples"));
            await client.CallToolAsync("qdrant-store", Arguments("information", "red apples"));
            await client.CallToolAsync("qdrant-find", Arguments("query", "apples"));
        });

        Assert.Equal(1, watched.Total("mcp_qdrant.finds", Collection, _collection));
        Assert.True(watched.Total("mcp_qdrant.finds.empty", Collection, "_OTHER") >= 1);
        Assert.Equal(1, watched.Total("mcp_qdrant.find.results", Collection, _collection));
        Assert.Equal(1, watched.Points("mcp_qdrant.find.results", Collection, _collection).Sum(measured => measured.Point.GetHistogramSum()));
        Assert.Equal(2, watched.Total("mcp_qdrant.stores", Collection, _collection));
        Assert.True(watched.Total("db.client.operation.duration", Collection, _collection) >= 3);
        Assert.True(watched.Total("gen_ai.client.operation.duration", "gen_ai.request.model", "tiny-test") >= 2);
        Assert.True(watched.Total("mcp_qdrant.embedding_cache.lookups", "mcp_qdrant.cache.hit", true) >= 1);
        Assert.True(watched.Total("mcp_qdrant.embedding_cache.lookups", "mcp_qdrant.cache.hit", false) >= 2);
        Assert.True(watched.Total("mcp_qdrant.queue.wait", "mcp_qdrant.queue.name", "embeddings") >= 2);
        Assert.True(watched.Total("mcp_qdrant.queue.wait", "mcp_qdrant.queue.name", "writes") >= 2);
        Assert.True(watched.Total("mcp.server.operation.duration", "gen_ai.tool.name", "qdrant-find") >= 2);
    }

    /// <summary>A metric keeps 2,000 series; names that callers make up would fill it, and what there is would be counted no more.</summary>
    [Fact]
    public async Task Names_that_callers_make_up_make_no_series()
    {
        const int Calls = 40;
        var made = Guid.NewGuid().ToString("N");
        var watched = await Watched.RunAsync(async client =>
        {
            for (var call = 0; call < Calls; call++)
            {
                await client.CallToolAsync("qdrant-find", new Dictionary<string, object?> { ["query"] = "apples", ["collection_name"] = $"{made}-{call}" });
                await Assert.ThrowsAnyAsync<Exception>(() => client.CallToolAsync($"{made}-{call}").AsTask());
                await Assert.ThrowsAnyAsync<Exception>(() => client.GetPromptAsync($"{made}-{call}").AsTask());
                await Assert.ThrowsAnyAsync<Exception>(() => client.ReadResourceAsync($"{made}:{call}").AsTask());
            }
        });

        Assert.DoesNotContain(watched.Values(), value => value.Contains(made, StringComparison.Ordinal));
        Assert.True(watched.Total("mcp_qdrant.finds", Collection, "_OTHER") >= Calls);
        Assert.True(watched.Total("mcp.server.operation.duration", "gen_ai.tool.name", "_OTHER") >= Calls);
    }

    [Fact]
    public async Task Refusal_is_counted_for_its_tool()
    {
        var watched = await Watched.RunAsync(client => client.CallToolAsync("qdrant-find", Arguments("limit", "0")).AsTask());

        Assert.True(watched.Total("mcp_qdrant.refusals", "gen_ai.tool.name", "qdrant-find") >= 1);
    }

    [Fact]
    public async Task Durations_are_measured_in_buckets_that_tell_milliseconds_apart()
    {
        var watched = await Watched.RunAsync(client => client.CallToolAsync("qdrant-store", Arguments("information", "red apples")).AsTask());

        var bounds = new List<double>();
        foreach (var bucket in watched.Points("gen_ai.client.operation.duration", "gen_ai.request.model", "tiny-test")[0].Point.GetHistogramBuckets())
            bounds.Add(bucket.ExplicitBound);
        Assert.True(bounds.Count(bound => bound <= 0.01) >= 4, string.Join(' ', bounds));
        Assert.Equal(double.PositiveInfinity, bounds[^1]);
    }

    private Dictionary<string, object?> Arguments(string name, string value) => new() { [name] = value, ["collection_name"] = _collection };
}
