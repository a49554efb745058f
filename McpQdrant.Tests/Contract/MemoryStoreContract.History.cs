using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    [Fact]
    public async Task Replace_with_an_origin_logs_what_was_there()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "first", [1, 0], """{"a":1.50,"b":{"c":[1,"é"]}}""", Noon));
        var second = Note(1, "second", [0, 1], storedAt: Noon.AddHours(1));

        await store.ReplaceAsync(notes, second with { Memory = second.Memory with { FirstStoredAt = Noon } }, await RevisionAsync(store, notes), Origin(1), Token);
        var third = Note(1, "third", [0, 1], storedAt: Noon.AddHours(2));
        await store.ReplaceAsync(notes, third, await RevisionAsync(store, notes), Origin(2, "anna"), Token);

        var changes = await ReadAsync(store, notes);
        Assert.Equal([Origin(2, "anna"), Origin(1)], changes.Select(change => change.Origin));
        Assert.All(changes, change => Assert.Equal((notes.Name, new MemoryId(1)), (change.Collection, change.Memory)));
        Assert.Equal(["second", "first"], changes.Select(change => change.Before!.Memory.Text));
        Assert.Equal([(Noon, Noon.AddHours(1)), (Noon, Noon)], changes.Select(change => (change.Before!.Memory.FirstStoredAt!.Value, change.Before.Memory.StoredAt!.Value)));
        Assert.True(SameJson.Equals(JsonElement.Parse("""{"a":1.5,"b":{"c":[1,"é"]}}"""), changes[1].Before!.Memory.Metadata!.Value));
        Assert.Equal([ContentHash.Of(third.Memory), ContentHash.Of(second.Memory)], changes.Select(change => change.After));
    }

    [Fact]
    public async Task Who_wrote_a_memory_and_how_often_is_kept_with_it_and_in_the_log()
    {
        var first = Note(1, "first", [1, 0], """{"a":1}""", Noon);
        var (store, notes) = await OpenNotesAsync(first with { Memory = first.Memory with { By = "ann" } }, Note(2, "of an older version", [1, 0], storedAt: Noon));
        var second = Note(1, "second", [0, 1], storedAt: Noon.AddHours(1));

        await store.ReplaceAsync(notes, second with { Memory = second.Memory with { FirstStoredAt = Noon, By = "bob", RevisionNumber = 7 } }, await RevisionAsync(store, notes), Origin(1), Token);
        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1)), Origin(2), Token);

        Assert.Equal([("bob", 7), ("ann", 1)], (await ReadAsync(store, notes)).Select(change => (change.Before!.Memory.By, change.Before.Memory.RevisionNumber)));
        var older = Assert.Single(await store.GetAsync(notes, Ids(1, 2), Token));
        Assert.Equal((null, 1), (older.By, older.RevisionNumber));
    }

    [Fact]
    public async Task Search_and_reading_bring_who_wrote_a_memory_and_how_often()
    {
        var note = Note(1, "tea", [1, 0], storedAt: Noon);
        var (store, notes) = await OpenNotesAsync(note with { Memory = note.Memory with { By = "ann", RevisionNumber = 3 } });

        Memory[] read =
        [
            .. await store.GetAsync(notes, Ids(1), Token),
            .. await store.ReadNewestAsync(notes, null, 10, Token),
            .. (await store.SearchAsync(notes, new SearchRequest { Vector = new SemanticVector.Embedded(new float[] { 1, 0 }), Limit = 1 }, Token)).Select(hit => hit.Memory),
            .. (await store.ReadAllAsync(notes, null, withVectors: false, Token).ToListAsync(Token)).Select(stored => stored.Memory),
        ];

        Assert.Equal(4, read.Length);
        Assert.All(read, memory => Assert.Equal(("ann", 3), (memory.By, memory.RevisionNumber)));
        Assert.All(read, memory => Assert.Null(memory.Metadata));
    }

    [Fact]
    public async Task Replace_that_comes_too_late_logs_nothing()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "first", [1, 0]));
        var read = await RevisionAsync(store, notes);
        await store.ReplaceAsync(notes, Note(1, "second", [1, 0]), read, Token);

        Assert.False(await store.ReplaceAsync(notes, Note(1, "third", [1, 0]), read, Origin(1), Token));

        Assert.Empty(await ReadAsync(store, notes));
    }

    [Fact]
    public async Task Delete_with_an_origin_logs_each_memory_that_was_there()
    {
        var (store, notes) = await OpenNotesAsync([.. Enumerable.Range(1, 130).Select(number => Note((ulong)number, $"text {number}", [1, 0], storedAt: Noon))]);
        var read = await store.ReadAllAsync(notes, null, withVectors: false, Token).Select(stored => new ReadMemory(stored.Memory.Id, stored.Memory.Revision)).Skip(2).ToArrayAsync(Token);
        await store.UpsertAsync(notes, [Note(3, "changed", [1, 0])], Token);

        Assert.Equal(2, await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1, 2, 500)), Origin(1), Token));
        Assert.Equal(127, await store.DeleteAsync(notes, new MemorySelection.ByRevisions(read), Origin(2), Token));

        var changes = await ReadAsync(store, notes);
        Assert.Equal(Enumerable.Range(1, 130).Except([3]).Select(number => $"text {number}").Order(), changes.Select(change => change.Before!.Memory.Text).Order());
        Assert.Equal((127, 2), (changes.Count(change => change.Origin == Origin(2)), changes.Count(change => change.Origin == Origin(1))));
        Assert.All(changes, change => Assert.Null(change.After));
    }

    [Fact]
    public async Task Insert_with_an_origin_logs_that_nothing_was_there()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "there", [1, 0]));

        await store.InsertAsync(notes, [Note(1, "late", [1, 0]), Note(2, "new", [1, 0])], Origin(1), Token);

        var change = Assert.Single(await ReadAsync(store, notes));
        Assert.Equal((new MemoryId(2), null, ContentHash.Of(Note(2, "new", null).Memory)), (change.Memory, change.Before, change.After));
    }

    [Fact]
    public async Task Changes_are_found_by_memory_change_caller_and_time()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "a", [1, 0]), Note(2, "b", [1, 0]));
        await store.ReplaceAsync(notes, Note(1, "a2", [1, 0]), await RevisionAsync(store, notes), Origin(1, "anna"), Token);
        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1, 2)), Origin(2, "bob"), Token);
        var other = NewSpec();
        await store.CreateAsync(other, Token);
        await store.InsertAsync(LayoutOf(other), [Note(1, "elsewhere", [1, 0])], Origin(3, "anna"), Token);

        Assert.Equal(["a2", "a"], await FoundAsync(new() { Collection = notes.Name, Memory = new MemoryId(1), Limit = 10 }));
        Assert.Equal(["a2"], await FoundAsync(new() { Collection = notes.Name, Memory = new MemoryId(1), Limit = 1 }));
        Assert.Equal(["a2", "b"], await FoundAsync(new() { Collection = notes.Name, Change = Origin(2).Id, Limit = 10 }));
        Assert.Equal(["a"], await FoundAsync(new() { Collection = notes.Name, By = "anna", Limit = 10 }));
        Assert.Equal(["a2", "b"], await FoundAsync(new() { Collection = notes.Name, Since = Origin(2).At, Limit = 10 }));
        Assert.Contains(other.Name, (await LogOf(store).ReadChangesAsync(new ChangeQuery { By = "anna", Limit = 1000 }, Token)).Select(change => change.Collection));

        async Task<IEnumerable<string?>> FoundAsync(ChangeQuery query) =>
            (await LogOf(store).ReadChangesAsync(query, Token)).Select(change => change.Before?.Memory.Text).Order().OrderByDescending(text => text == "a2");
    }

    [Fact]
    public async Task Old_changes_and_those_of_a_memory_can_be_removed()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "a", [1, 0]), Note(2, "b", [1, 0]));
        await store.ReplaceAsync(notes, Note(1, "a2", [1, 0]), await RevisionAsync(store, notes), Origin(1), Token);
        await store.ReplaceAsync(notes, Note(1, "a3", [1, 0]), await RevisionAsync(store, notes), Origin(2), Token);
        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(2)), Origin(3), Token);

        Assert.Equal(1, await LogOf(store).RemoveChangesAsync(notes.Name, Ids(2), Token));
        Assert.Equal(["a2", "a"], (await ReadAsync(store, notes)).Select(change => change.Before!.Memory.Text));
        await LogOf(store).RemoveChangesAsync(Origin(2).At, Token);
        Assert.Equal(["a2"], (await ReadAsync(store, notes)).Select(change => change.Before!.Memory.Text));
    }

    [Fact]
    public async Task Log_is_no_collection()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "a", [1, 0]));
        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1)), Origin(1), Token);

        Assert.DoesNotContain(CollectionName.ChangeLog, (await store.ListAsync(Token)).Select(name => name.Value));
    }

    /// <param name="number">Tells changes apart; a higher one is later.</param>
    private static ChangeOrigin Origin(int number, string by = "local") =>
        new(new ChangeId(new Guid(number, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), by, "qdrant-update", Noon.AddMinutes(number));

    private static IChangeLog LogOf(IMemoryStore store) => (IChangeLog)store;

    private static Task<IReadOnlyList<Change>> ReadAsync(IMemoryStore store, CollectionLayout notes) =>
        LogOf(store).ReadChangesAsync(new ChangeQuery { Collection = notes.Name, Limit = 1000 }, Token);
}
