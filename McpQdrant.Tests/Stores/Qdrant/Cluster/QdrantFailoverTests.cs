using McpQdrant.Core.Memories;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Qdrant;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Stores.Qdrant.Cluster;

/// <summary>Several addresses of the same data: the first that answers serves.</summary>
public sealed class QdrantFailoverTests
{
    private const string Moving = "Service internal error: 1 of 1 read operations failed: Service internal error: Local shard 1 not found";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_address_serves_and_the_next_one_when_it_is_gone_and_the_first_again_when_it_is_back()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        using var service = Over(nodes);
        await service.Store.CreateAsync(Notes.Spec, Token);
        Assert.Equal(0, nodes.InUse);

        await nodes.KillAsync(0);
        await service.Store.UpsertAsync(Notes.Layout, [Notes.Memory(1)], Token);
        Assert.Equal(1, nodes.InUse);

        await nodes.StartAsync(0);
        await UntilAsync(async () =>
        {
            await service.Store.ListAsync(Token);
            return nodes.InUse == 0;
        });
        Assert.Equal(1, await service.Store.CountAsync(Notes.Layout, null, Token));
    }

    [Fact]
    public async Task An_address_that_is_away_is_not_tried_by_every_request()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        nodes.Before(0, context => Task.FromResult(Refuse(context)));
        using var service = Over(nodes);

        for (var request = 0; request < 20; request++)
            await service.Store.ListAsync(Token);

        Assert.Single(nodes.Seen(0), seen => seen.Path != "/readyz");
        Assert.Equal(20, nodes.Seen(1).Count);
    }

    [Fact]
    public async Task An_address_that_hangs_leaves_time_for_the_next_one()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        nodes.Before(0, async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });
        using var service = Over(nodes, seconds: 2);

        Assert.Empty(await service.Store.ListAsync(Token));
        Assert.Equal(1, nodes.InUse);
    }

    [Fact]
    public async Task Addresses_that_are_all_away_are_all_named()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        using var service = Over(nodes);
        for (var node = 0; node < 3; node++)
            await nodes.KillAsync(node);

        var failure = await Assert.ThrowsAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.StartsWith($"Qdrant at {string.Join(" or ", nodes.Urls.Select(url => url.ToString().TrimEnd('/')))} can't be reached: Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_address_keeps_the_path_in_front_of_it()
    {
        var api = new StandInApi(new Dictionary<string, StandInAccess>());
        await using var one = await QdrantStandIn.StartAsync(new QdrantStandInOptions { Shared = api, PathPrefix = "/one", Before = context => Task.FromResult(Refuse(context)) }, Token);
        await using var other = await QdrantStandIn.StartAsync(new QdrantStandInOptions { Shared = api, PathPrefix = "/db/other" }, Token);
        using var service = new QdrantService(new QdrantOptions { Url = new Uri($"{one.Url}one"), OtherUrls = [new Uri($"{other.Url}db/other/")] });
        var name = McpQdrant.Core.Collections.CollectionName.Parse("50% of %41, ä");

        await service.Store.CreateAsync(Notes.Spec with { Name = name }, Token);

        Assert.Equal([name], await service.Store.ListAsync(Token));
    }

    /// <summary>A cluster is between two states for seconds. Another node may be asked at once; where there is none, or it fails too, the request waits.</summary>
    [Theory]
    [InlineData(1, Moving)]
    [InlineData(3, Moving)]
    [InlineData(3, "Service internal error: The replica set for shard 0 on peer 1 has no active replica")]
    [InlineData(3, "Service internal error: Failed to propose operation: leader is not established within 10s")]
    [InlineData(3, "Service internal error: Tonic status error: code: 'The service is currently unavailable', message: tcp connect error")]
    public async Task What_fails_while_shards_move_is_done_when_they_have(int addresses, string error)
    {
        await using var nodes = await ClusterNodes.StartAsync();
        using var service = Over(nodes, addresses: addresses);
        await service.Store.CreateAsync(Notes.Spec, Token);
        var failures = 0;
        for (var node = 0; node < 3; node++)
            nodes.Before(node, context => Interlocked.Increment(ref failures) <= 7 ? ClusterNodes.FailAsync(context, error) : Task.FromResult(false));

        await service.Store.UpsertAsync(Notes.Layout, [Notes.Memory(1)], Token);
        failures = 0;
        var found = await service.Store.SearchAsync(Notes.Layout, Notes.Search, Token);

        Assert.Equal("text 1", Assert.Single(found).Memory.Text);
        Assert.True(failures > 7);
    }

    [Fact]
    public async Task What_still_fails_at_the_end_is_said()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        for (var node = 0; node < 3; node++)
            nodes.Before(node, context => ClusterNodes.FailAsync(context, Moving));
        using var service = Over(nodes, seconds: 1);

        var failure = await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Contains("is moving data between its nodes, or one of them has just come or gone (", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Local shard 1 not found", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_that_stays_is_not_asked_for_again()
    {
        await using var nodes = await ClusterNodes.StartAsync();
        nodes.Before(0, context => ClusterNodes.FailAsync(context, "Service internal error: InferenceService URL not configured"));
        using var service = Over(nodes);

        await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Single(nodes.Seen(0));
        Assert.Empty(nodes.Seen(1));
    }

    [Fact]
    public async Task Writes_ask_for_an_order_and_reads_for_several_replicas_where_that_is_set()
    {
        var targets = new List<string>();
        await using var server = await QdrantStandIn.StartAsync(new QdrantStandInOptions { Before = context => Task.FromResult(Note(context, targets)) }, Token);
        using var service = new QdrantService(new QdrantOptions { Url = server.Url, WriteOrdering = WriteOrdering.Medium, ReadConsistency = "majority" });

        await service.Store.CreateAsync(Notes.Spec, Token);
        await service.Store.UpsertAsync(Notes.Layout, [Notes.Memory(1)], Token);
        await service.Store.CountAsync(Notes.Layout, null, Token);

        Assert.Equal(
            ["/", "/collections/notes", "/collections/notes/points?wait=true&ordering=medium", "/collections/notes/points/count?consistency=majority"], targets);
    }

    private static QdrantService Over(ClusterNodes nodes, double seconds = 10, int addresses = 3) =>
        new(new QdrantOptions { Url = nodes.Urls[0], OtherUrls = [.. nodes.Urls.Take(addresses).Skip(1)], Timeout = TimeSpan.FromSeconds(seconds) });

    private static bool Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return true;
    }

    private static bool Note(HttpContext context, List<string> targets)
    {
        targets.Add(context.Request.Path + context.Request.QueryString);
        return false;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
    }
}
