using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    [Fact]
    public async Task Insert_stores_what_is_new_and_leaves_what_is_there()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "there", [1, 0], """{"a":1}""", Noon));

        var stored = await store.InsertAsync(notes, [Note(1, "late", [0, 1]), Note(2, "new", [0, 1], """{"b":2}""", Noon)], Token);

        Assert.Equal(Ids(2), stored);
        var memories = await store.GetAsync(notes, Ids(1, 2), Token);
        Assert.Equal([("there", """{"a":1}"""), ("new", """{"b":2}""")], memories.Select(memory => (memory.Text, memory.Metadata!.Value.GetRawText())));
        Assert.Equal(Ids(2), IdsOf(await store.SearchAsync(notes, new SearchRequest { Keywords = "new late", Limit = 5 }, Token)));
    }

    [Fact]
    public async Task Insert_of_one_new_id_by_many_at_once_stores_one_of_them()
    {
        var (store, notes) = await OpenNotesAsync();

        var stored = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => store.InsertAsync(notes, [Note(1, $"text {number}", [1, 0])], Token))));

        var winner = Assert.Single(Enumerable.Range(0, 20), number => stored[number].Count == 1);
        Assert.Equal($"text {winner}", Assert.Single(await store.GetAsync(notes, Ids(1), Token)).Text);
    }

    [Fact]
    public async Task Revision_is_the_same_however_a_memory_is_read_and_new_with_every_write()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zebra", [1, 0], """{"a":1}""", Noon));

        var got = await RevisionAsync(store, notes);
        var found = Assert.Single(await store.SearchAsync(notes, new SearchRequest { Keywords = "zebra", Limit = 1 }, Token)).Memory.Revision;
        var listed = (await store.ReadAllAsync(notes, null, withVectors: false, Token).FirstAsync(Token)).Memory.Revision;
        await store.UpsertAsync(notes, [Note(1, "zebra", [1, 0], """{"a":1}""", Noon)], Token);
        var written = await RevisionAsync(store, notes);
        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1)), Token);
        await store.InsertAsync(notes, [Note(1, "zebra", [1, 0], """{"a":1}""", Noon)], Token);
        var again = await RevisionAsync(store, notes);

        Assert.Equal([got, got], [found, listed]);
        Assert.Distinct([got, written, again]);
    }

    [Fact]
    public async Task Replace_takes_effect_on_what_was_read()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zebra", [1, 0], """{"a":1}""", Noon));

        var replaced = await store.ReplaceAsync(notes, Note(1, "giraffe", [0, 1], """{"b":2}"""), await RevisionAsync(store, notes), Token);

        Assert.True(replaced);
        var memory = Assert.Single(await store.GetAsync(notes, Ids(1), Token));
        Assert.Equal(("giraffe", """{"b":2}""", null), (memory.Text, memory.Metadata?.GetRawText(), memory.StoredAt));
        Assert.Empty(await store.SearchAsync(notes, new SearchRequest { Keywords = "zebra", Limit = 5 }, Token));
        Assert.Equal(1, Assert.Single(await store.SearchAsync(notes, new SearchRequest { Vector = Towards(0, 1), Limit = 5 }, Token)).Score, 1e-5);
    }

    [Fact]
    public async Task Replace_keeps_when_a_memory_was_first_stored()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zebra", [1, 0], storedAt: Noon));
        var changed = Note(1, "giraffe", [0, 1], storedAt: Noon.AddHours(1));

        await store.ReplaceAsync(notes, changed with { Memory = changed.Memory with { FirstStoredAt = Noon } }, await RevisionAsync(store, notes), Token);

        Memory[] read =
        [
            Assert.Single(await store.GetAsync(notes, Ids(1), Token)),
            Assert.Single(await store.SearchAsync(notes, new SearchRequest { Keywords = "giraffe", Limit = 5 }, Token)).Memory,
        ];
        Assert.All(read, memory => Assert.Equal((Noon, Noon.AddHours(1), Noon.AddHours(1)), (memory.FirstStoredAt, memory.StoredAt, memory.ChangedAt)));
    }

    [Fact]
    public async Task Replace_of_what_was_changed_since_writes_nothing()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "first", [1, 0]));
        var read = await RevisionAsync(store, notes);
        await store.ReplaceAsync(notes, Note(1, "second", [1, 0]), read, Token);

        var replaced = await store.ReplaceAsync(notes, Note(1, "third", [1, 0]), read, Token);

        Assert.False(replaced);
        Assert.Equal("second", Assert.Single(await store.GetAsync(notes, Ids(1), Token)).Text);
    }

    [Fact]
    public async Task Replace_of_what_was_deleted_since_does_not_bring_it_back()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "first", [1, 0]));
        var read = await RevisionAsync(store, notes);
        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1)), Token);

        Assert.False(await store.ReplaceAsync(notes, Note(1, "second", [1, 0]), read, Token));
        Assert.Empty(await store.GetAsync(notes, Ids(1), Token));
    }

    [Fact]
    public async Task Replace_by_many_at_once_loses_nothing_when_losers_try_again()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "sum", [1, 0], """{"n":0}"""));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var added = 0; added < 5;)
            {
                var old = Assert.Single(await store.GetAsync(notes, Ids(1), Token));
                var next = old.Metadata!.Value.GetProperty("n").GetInt32() + 1;
                if (await store.ReplaceAsync(notes, Note(1, "sum", [1, 0], $$"""{"n":{{next}}}"""), old.Revision, Token))
                    added++;
            }
        })));

        Assert.Equal(40, Assert.Single(await store.GetAsync(notes, Ids(1), Token)).Metadata!.Value.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Delete_by_revisions_leaves_what_was_changed_since()
    {
        var (store, notes) = await OpenNotesAsync([.. Enumerable.Range(1, 4).Select(number => Note((ulong)number, $"text {number}", [1, 0]))]);
        ReadMemory[] read = [.. (await store.GetAsync(notes, Ids(1, 2, 3, 4), Token)).Select(memory => new ReadMemory(memory.Id, memory.Revision))];
        await store.ReplaceAsync(notes, Note(2, "changed", [1, 0]), read[1].Revision, Token);
        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(4)), Token);

        var gone = await store.DeleteAsync(notes, new MemorySelection.ByRevisions(read), Token);

        Assert.Equal(2, gone);
        Assert.Equal("changed", Assert.Single(await store.GetAsync(notes, Ids(1, 2, 3, 4), Token)).Text);
    }

    [Fact]
    public async Task Delete_by_revisions_of_many_is_done_whole()
    {
        var (store, notes) = await OpenNotesAsync([.. Enumerable.Range(1, 1200).Select(number => Note((ulong)number, "text", [1, 0]))]);
        var read = await store.ReadAllAsync(notes, null, withVectors: false, Token).Select(stored => new ReadMemory(stored.Memory.Id, stored.Memory.Revision)).ToArrayAsync(Token);

        Assert.Equal(1200, await store.DeleteAsync(notes, new MemorySelection.ByRevisions(read), Token));
        Assert.Equal(0, await store.CountAsync(notes, null, Token));
    }

    private static async Task<MemoryRevision> RevisionAsync(IMemoryStore store, CollectionLayout notes) =>
        Assert.Single(await store.GetAsync(notes, Ids(1), Token)).Revision;
}
