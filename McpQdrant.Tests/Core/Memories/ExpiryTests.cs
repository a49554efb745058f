using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.History;
using McpQdrant.Core.Ports;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Mcp;

namespace McpQdrant.Tests.Core.Memories;

/// <summary>Memories that expire, through the tools, in both stores; MemoryStoreContract has the stores themselves.</summary>
public sealed class ExpiryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CollectionName Notes => CollectionName.Parse("notes");

    public static TheoryData<bool> Stores => [false, true];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_memory_is_found_until_it_expires_and_can_then_be_stored_anew(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        await host.StoreAsync("dog");
        var stored = await StoreAsync(host, "cat", "2h");

        var found = await host.FindAsync("cat");
        Assert.Equal("2026-03-01T14:00:00+00:00", found.Results.Single(hit => hit.GetProperty("id").GetString() == stored).GetProperty("expires_at").GetString());
        Assert.Contains("expires=\"2026-03-01T14:00:00Z\"", string.Concat(found.Texts), StringComparison.Ordinal);
        host.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(["dog"], (await host.FindAsync("cat")).Found);
        Assert.Contains("There is no memory", await host.RefusalAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{stored}}", "information": "cats"}"""), StringComparison.Ordinal);

        // For ever, since the store that came last says nothing else.
        Assert.Equal(stored, await host.StoreAsync("cat"));
        host.Clock.Advance(TimeSpan.FromDays(1000));
        Assert.Equal(["cat", "dog"], (await host.FindAsync("cat")).FoundSorted);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_store_that_says_nothing_goes_by_the_rule_of_the_collection_and_an_update_keeps_what_there_is(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant, ("MEMORY_EXPIRES", "no*=1h, *=9d"));
        var (one, other) = (await host.StoreAsync("cat"), await host.StoreAsync("dog"));
        await StoreAsync(host, "mat", "never");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{one}}", "information": "hat"}""");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{other}}", "expires": "NEVER"}""");

        host.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(["dog", "mat"], (await host.FindAsync("cat")).FoundSorted);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_has_expired_is_removed_and_can_be_brought_back(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        await host.StoreAsync("dog");
        await StoreAsync(host, "cat", "1m");
        var expire = host.Get<ExpireMemories>();
        Assert.Empty((await expire.HandleAsync(Caller.Local, new ExpireMemoriesRequest(), Token)).Touched);
        // Before the server does it by itself.
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Single((await expire.HandleAsync(Caller.Local, new ExpireMemoriesRequest(Notes), Token)).Touched);

        var change = Assert.Single(await host.Get<IChangeLog>().ReadChangesAsync(new ChangeQuery { Limit = 10 }, Token));
        Assert.Equal(("expire", "cat"), (change.Origin.Operation, change.Before!.Memory.Text));
        await host.Get<UndoChanges>().HandleAsync(Caller.Local, new UndoChangesRequest([change.Origin.Id]), Token);
        Assert.Equal(["cat", "dog"], (await host.FindAsync("cat")).FoundSorted);
    }

    [Theory]
    [InlineData("yesterday", "'expires' is 'yesterday', which is no time. Give one such as 2026-01-31T09:00:00Z, a date such as 2026-01-31, or how long from now on, such as 30d or 12h.")]
    [InlineData("2026-02-28", "'expires' (2026-02-28) is over already. Give a time that is to come, such as 30d, or leave it out.")]
    [InlineData("0s", "'expires' (0s) is over already. Give a time that is to come, such as 30d, or leave it out.")]
    public async Task A_time_that_is_none_is_refused_with_a_sentence(string expires, string sentence)
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Equal(sentence, await host.RefusalAsync("qdrant-store", $$"""{"collection_name": "notes", "information": "cat", "expires": "{{expires}}"}"""));
        Assert.Contains("There are no memories yet", string.Concat((await host.FindAsync("cat")).Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_span_beyond_the_calendar_is_for_ever()
    {
        await using var host = await ToolHost.StartAsync();
        await StoreAsync(host, "cat", "99999999999d");

        host.Clock.Advance(TimeSpan.FromDays(100_000));

        Assert.Equal(["cat"], (await host.FindAsync("cat")).Found);
    }

    private static async Task<string> StoreAsync(ToolHost host, string text, string expires) =>
        (string)(await host.DoAsync("qdrant-store", $$"""{"collection_name": "notes", "information": "{{text}}", "expires": "{{expires}}"}"""))["id"]!;
}
