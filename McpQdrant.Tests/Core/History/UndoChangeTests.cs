using System.Text.Json;
using CsCheck;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Mcp;

namespace McpQdrant.Tests.Core.History;

public sealed class UndoChangeTests
{
    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    public static TheoryData<bool> Stores => [false, true];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Whatever was done, taking back every change from the last to the first gives what was there at the beginning.</summary>
    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Undo_of_all_changes_in_reverse_gives_the_first_state(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);

        await Gen.Int[0, 1_000_000].SampleAsync(async seed =>
        {
            var random = new Random(seed);
            var notes = CollectionName.Parse($"notes-{Guid.NewGuid():N}");
            var ids = new List<MemoryId>();
            for (var number = 0; number < 4; number++)
                ids.Add((await host.Get<StoreMemory>().HandleAsync(Caller.Local, new StoreMemoryRequest(notes, $"text {number}", Some(random)), Token)).Id);
            var before = await StateAsync(host, notes);

            var changes = new Stack<ChangeId>();
            for (var step = 0; step < 8; step++)
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                if (await ChangeAsync(host, notes, ids, random, changes) is { } change)
                    changes.Push(change);
            }
            foreach (var change in changes.ToArray())
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                var undone = await UndoAsync(host, notes, change);
                Assert.All(undone.Memories, memory => Assert.Equal(UndoOutcome.Undone, memory.Outcome));
            }

            Assert.Equal(before, await StateAsync(host, notes));
        }, iter: 25, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Undo_brings_back_what_is_found_again(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant, ("MCP_TOOLS", "find,store,forget,undo"));
        var cat = await host.StoreAsync("the cat sat", """{"kind": "pet"}""");
        var forgotten = await host.DoAsync("qdrant-forget", $$"""{"collection_name": "notes", "ids": ["{{cat}}"]}""");
        Assert.Empty((await host.FindAsync("cat")).Results);

        var undone = await host.DoAsync("qdrant-undo", $$"""{"collection_name": "notes", "change": "{{forgotten["change"]}}"}""");

        Assert.Equal("1", undone["undone"]);
        var found = Assert.Single((await host.FindAsync("cat")).Results);
        Assert.Equal((cat, "pet"), (found.GetProperty("id").GetString(), found.GetProperty("metadata").GetProperty("kind").GetString()));
        Assert.Equal(1, found.GetProperty("keyword_rank").GetInt32());
    }

    [Fact]
    public async Task Undo_leaves_what_was_changed_since()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("first");
        var change = await UpdateAsync(host, id, "second");
        await UpdateAsync(host, id, "third");

        var undone = await UndoAsync(host, Notes, change);

        Assert.Equal(((ChangeId?)null, UndoOutcome.ChangedSince), (undone.UndoneBy, Assert.Single(undone.Memories).Outcome));
        Assert.Equal("third", (await host.FindAsync("third")).Found[0]);
    }

    [Fact]
    public async Task Undo_can_be_undone_and_a_preview_changes_nothing()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("first");
        var change = await UpdateAsync(host, id, "second");

        var preview = await UndoAsync(host, Notes, change, isPreview: true);
        Assert.Equal(("first", (ChangeId?)null), (preview.Memories[0].Now!.Text, preview.UndoneBy));
        Assert.Equal("second", (await host.FindAsync("first second")).Found[0]);

        var undone = await UndoAsync(host, Notes, change);
        Assert.Equal("first", (await host.FindAsync("first second")).Found[0]);
        Assert.Equal(UndoOutcome.AlreadyAsBefore, (await UndoAsync(host, Notes, change)).Memories[0].Outcome);

        await UndoAsync(host, Notes, undone.UndoneBy!.Value);
        Assert.Equal("second", (await host.FindAsync("first second")).Found[0]);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Undo_brings_back_who_wrote_a_memory_in_a_revision_of_its_own(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        var (ann, bob) = (Caller.Local with { Name = "ann" }, Caller.Local with { Name = "bob" });
        var id = (await host.Get<StoreMemory>().HandleAsync(ann, new StoreMemoryRequest(Notes, "first"), Token)).Id;
        var change = (await host.Get<UpdateMemory>().HandleAsync(bob, new UpdateMemoryRequest(Notes, id, "second"), Token)).Change!.Value;
        Assert.Equal(("bob", 2), await AuthorAsync());

        var undone = await host.Get<UndoChange>().HandleAsync(bob, new UndoChangeRequest(Notes, change), Token);
        Assert.Equal(("ann", 3), await AuthorAsync());

        await host.Get<UndoChange>().HandleAsync(bob, new UndoChangeRequest(Notes, undone.UndoneBy!.Value), Token);
        Assert.Equal(("bob", 4), await AuthorAsync());

        await host.Get<StoreMemory>().HandleAsync(ann, new StoreMemoryRequest(Notes, "again"), Token);
        var again = (await host.Get<StoreMemory>().HandleAsync(bob, new StoreMemoryRequest(Notes, "again"), Token)).Id;
        Assert.Equal(("bob", 2), await AuthorAsync(again));

        async Task<(string?, int)> AuthorAsync(MemoryId? of = null)
        {
            var memory = await host.Get<GetMemory>().HandleAsync(Caller.Local, new GetMemoryRequest(Notes, of ?? id), Token);
            return (memory.By, memory.RevisionNumber);
        }
    }

    [Fact]
    public async Task Callers_undo_their_own_changes_of_the_last_hour_only()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("first");
        var change = await UpdateAsync(host, id, "second");
        var other = new Caller { Name = "other", Rights = Rights.All, Collections = ["*"] };

        var refused = await Assert.ThrowsAsync<MemoryException>(() => host.Get<UndoChange>().HandleAsync(other, new UndoChangeRequest(Notes, change), Token));
        Assert.StartsWith($"There is no change {change} of yours in 'notes'.", refused.Message, StringComparison.Ordinal);

        host.Clock.Advance(UndoChange.OwnChangesFor + TimeSpan.FromSeconds(1));
        refused = await Assert.ThrowsAsync<MemoryException>(() => host.Get<UndoChange>().HandleAsync(Caller.Local, new UndoChangeRequest(Notes, change), Token));
        Assert.Equal("That change is more than an hour old, so only the operator of this server can undo it.", refused.Message);

        Assert.NotNull((await host.Get<UndoChanges>().HandleAsync(Caller.Local, new UndoChangesRequest([change]), Token)).Collections[0].UndoneBy);
    }

    /// <summary>Whatever callers did among each other, an operator brings back what one did as far as nobody else built on it.</summary>
    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Undo_of_one_callers_changes_stops_at_those_of_another(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        var (mixed, since) = (await host.StoreAsync("first"), await host.StoreAsync("one"));
        var other = new Caller { Name = "other", Rights = Rights.All, Collections = ["*"] };
        await ByAsync(other, mixed, "second");
        await ByAsync(Caller.Local, mixed, "third");
        await ByAsync(other, mixed, "fourth");
        await ByAsync(other, mixed, "fifth");
        await ByAsync(other, since, "two");
        await ByAsync(Caller.Local, since, "three");

        var undone = await host.Get<UndoChanges>().HandleAsync(Caller.Local, new UndoChangesRequest([]) { By = "other", Since = "1h" }, Token);
        var again = await host.Get<UndoChanges>().HandleAsync(Caller.Local, new UndoChangesRequest([]) { By = "other" }, Token);

        var memories = Assert.Single(undone.Collections).Memories.ToDictionary(memory => memory.Id.ToString(), memory => (memory.Outcome, memory.Now?.Text));
        Assert.Equal(((UndoOutcome, string?))(UndoOutcome.PartlyUndone, "third"), memories[mixed]);
        Assert.Equal(((UndoOutcome, string?))(UndoOutcome.ChangedSince, "three"), memories[since]);
        Assert.Equal(2, again.Count(UndoOutcome.ChangedSince));
        Assert.Null(again.Collections[0].UndoneBy);

        async Task ByAsync(Caller caller, string id, string text)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(MemoryId.TryParse(id, out var memory));
            await host.Get<UpdateMemory>().HandleAsync(caller, new UpdateMemoryRequest(Notes, memory, text, null), Token);
        }
    }

    [Fact]
    public async Task History_off_keeps_nothing_and_says_so()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_HISTORY", "off"));
        var id = await host.StoreAsync("first");

        var updated = await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "information": "second"}""");

        Assert.False(updated.Structured.TryGetProperty("change", out _));
        Assert.Empty(await host.Get<ListChanges>().HandleAsync(Caller.Local, new ListChangesRequest(new ChangeQuery { Limit = 10 }), Token));
    }

    /// <summary>A process may be killed between writing a line and making its change: then there is a line without a change, which must not be told.</summary>
    [Fact]
    public async Task A_line_whose_change_was_never_made_is_passed_over()
    {
        using var qdrant = new StandInHandler();
        await using var host = await ToolHost.StartAsync(qdrant);
        var id = await host.StoreAsync("first");
        var forgotten = await host.StoreAsync("other");
        await UpdateAsync(host, id, "second");

        // As the log was at that moment: the lines of an update and of a deletion that came no further.
        AddLine(qdrant, id, """ "before":{"text":"second"},"after":"00","written":"feedfeedfeedfeed","read":"x" """);
        AddLine(qdrant, forgotten, $$""" "before":{"text":"other"},"read":"{{RevisionOf(qdrant, forgotten)}}" """);

        var change = Assert.Single(await host.Get<ListChanges>().HandleAsync(Caller.Local, new ListChangesRequest(new ChangeQuery { Limit = 10 }), Token));
        Assert.Equal("first", change.Before!.Memory.Text);
    }

    [Fact]
    public async Task A_change_is_known_however_often_the_memory_was_written_since()
    {
        using var qdrant = new StandInHandler();
        await using var host = await ToolHost.StartAsync(qdrant);
        var id = await host.StoreAsync("text 0");
        for (var number = 1; number <= 70; number++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await UpdateAsync(host, id, $"text {number}");
        }
        await host.DoAsync("qdrant-forget", $$"""{"collection_name": "notes", "ids": ["{{id}}"]}""");
        await host.StoreAsync("text 0");

        var changes = await host.Get<ListChanges>().HandleAsync(Caller.Local, new ListChangesRequest(new ChangeQuery { Limit = 100 }), Token);

        Assert.Equal(71, changes.Count);
    }

    private static void AddLine(StandInHandler qdrant, string memory, string more) => qdrant.Send("PUT", "/collections/mcp-qdrant-changes/points?wait=true", $$"""
        {"points":[{"id":"{{Guid.NewGuid()}}","vector":{},"payload":{"change":"{{Guid.NewGuid()}}","at":"2026-03-01T12:00:00Z","by":"local","operation":"qdrant-update",
        "collection":"notes","memory":"{{memory}}",{{more}} } }]}
        """);

    private static string RevisionOf(StandInHandler qdrant, string memory) =>
        qdrant.Send("POST", "/collections/notes/points", $$"""{"ids":["{{memory}}"],"with_payload":true}""")[0]
            .GetProperty("payload").GetProperty("memory_revision").GetString()!;

    private static async Task<ChangeId> UpdateAsync(ToolHost host, string id, string text) =>
        ChangeId.TryParse((await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "information": "{{text}}"}"""))["change"], out var change)
            ? change
            : throw new InvalidOperationException("The update has no change.");

    private static Task<UndoChangeResult> UndoAsync(ToolHost host, CollectionName notes, ChangeId change, bool isPreview = false) =>
        host.Get<UndoChange>().HandleAsync(Caller.Local, new UndoChangeRequest(notes, change, isPreview), Token);

    /// <returns>The change; null where there was nothing to change.</returns>
    private static async Task<ChangeId?> ChangeAsync(ToolHost host, CollectionName notes, List<MemoryId> ids, Random random, Stack<ChangeId> changes)
    {
        var id = ids[random.Next(ids.Count)];
        var isThere = await host.Get<IMemoryStore>().GetAsync(await LayoutAsync(host, notes), [id], Token) is [_];
        return random.Next(4) switch
        {
            0 => (await host.Get<ForgetMemories>().HandleAsync(Caller.Local, new ForgetMemoriesRequest(notes, [id, ids[0]]), Token)).Change,
            1 when changes.Count > 0 => (await UndoAsync(host, notes, changes.Peek())).UndoneBy,
            _ when isThere => (await host.Get<UpdateMemory>().HandleAsync(
                Caller.Local, new UpdateMemoryRequest(notes, id, random.Next(2) == 0 ? null : $"text {random.Next()}", JsonElement.Parse($$"""{"n": {{random.Next()}} }""")), Token)).Change,
            _ => null,
        };
    }

    private static JsonElement? Some(Random random) => random.Next(2) == 0 ? null : JsonElement.Parse($$"""{"a": {{random.Next(3)}}.50, "b": ["é", null]}""");

    private static async Task<CollectionLayout> LayoutAsync(ToolHost host, CollectionName notes) =>
        (await host.Get<CollectionCatalog>().GetAsync(notes, Token))!.Layout;

    /// <summary>All that is there but the revisions.</summary>
    private static async Task<string> StateAsync(ToolHost host, CollectionName notes)
    {
        var all = await host.Get<IMemoryStore>().ReadAllAsync(await LayoutAsync(host, notes), filter: null, withVectors: true, Token).ToArrayAsync(Token);
        return string.Join('\n', all.Select(stored => JsonSerializer.Serialize(new
        {
            Id = stored.Memory.Id.ToString(),
            stored.Memory.Text,
            stored.Memory.Metadata,
            stored.Memory.StoredAt,
            stored.Memory.FirstStoredAt,
            stored.Memory.By,
            Vector = (stored.Vector as SemanticVector.Embedded)?.Values.ToArray(),
        })));
    }
}
