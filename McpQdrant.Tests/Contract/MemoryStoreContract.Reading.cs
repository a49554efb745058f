using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    [Fact]
    public async Task Get_returns_each_once_in_the_order_asked_for()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "one", [1, 0]), Note(2, "two", [1, 0]), Note(3, "three", [1, 0]));

        var memories = await store.GetAsync(notes, Ids(3, 99, 1, 3, 2, 1), Token);

        Assert.Equal(Ids(3, 1, 2), memories.Select(memory => memory.Id));
    }

    [Fact]
    public async Task Get_of_no_ids_is_empty()
    {
        var (store, notes) = await OpenNotesAsync();

        Assert.Empty(await store.GetAsync(notes, [], Token));
    }

    [Fact]
    public async Task ReadAll_returns_all_by_id_with_their_vectors()
    {
        MemoryId[] ids = [new(2), new(10), new(ulong.MaxValue), new(new Guid("00000000-0000-0000-0000-000000000001")), new(new Guid("0c04b6fa-b42d-433a-9955-052d592969fd"))];
        var (store, notes) = await OpenNotesAsync([.. ids.Reverse().Select(id => Note(id, "text", [3, 4], """{"a":1.0}""", Noon))]);

        var all = await store.ReadAllAsync(notes, null, withVectors: true, Token).ToListAsync(Token);

        Assert.Equal(ids, all.Select(stored => stored.Memory.Id));
        Assert.All(all, stored =>
        {
            Assert.Equal(("text", """{"a":1.0}""", Noon), (stored.Memory.Text, stored.Memory.Metadata?.GetRawText(), stored.Memory.StoredAt));
            Assert.Equal([0.6f, 0.8f], Assert.IsType<SemanticVector.Embedded>(stored.Vector).Values.ToArray());
        });
    }

    [Fact]
    public async Task ReadAll_returns_a_memory_without_a_vector_as_such()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "text", vector: null));

        var stored = Assert.Single(await store.ReadAllAsync(notes, null, withVectors: true, Token).ToListAsync(Token));

        Assert.Null(stored.Vector);
    }

    [Fact]
    public async Task ReadAll_of_an_empty_collection_ends_at_once()
    {
        var (store, notes) = await OpenNotesAsync();

        Assert.Empty(await store.ReadAllAsync(notes, null, withVectors: true, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task ReadAll_reads_many_pages()
    {
        const int Count = 1234;
        var (store, notes) = await OpenNotesAsync([.. Enumerable.Range(1, Count).Select(i => Note((ulong)i, $"text {i}", [1, i]))]);

        var all = await store.ReadAllAsync(notes, null, withVectors: true, Token).Select(stored => stored.Memory.Id.Number).ToListAsync(Token);

        Assert.Equal(Enumerable.Range(1, Count).Select(i => (ulong)i), all);
    }

    [Fact]
    public async Task What_one_reads_can_be_written_again()
    {
        var (store, notes) = await OpenNotesAsync([.. Enumerable.Range(1, 20).Select(i => Note((ulong)i, $"text {i}", [i, 7], "{}", Noon))]);
        var before = await store.ReadAllAsync(notes, null, withVectors: true, Token).ToListAsync(Token);

        await store.UpsertAsync(notes, before, Token);

        var after = await store.ReadAllAsync(notes, null, withVectors: true, Token).ToListAsync(Token);
        Assert.Equal(before.Select(Numbers), after.Select(Numbers));

        static float[] Numbers(StoredMemory stored) => ((SemanticVector.Embedded)stored.Vector!).Values.ToArray();
    }

    [Fact]
    public async Task Newest_are_by_their_first_time_and_then_by_id()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "old", [1, 0], storedAt: Noon), Note(2, "b", [1, 0], """{"kind":"b"}""", Noon.AddHours(2)), Note(3, "a", [1, 0], storedAt: Noon.AddHours(2)),
            Note(4, "timeless", [1, 0]), Note(6, "timeless", null), Note(5, "changed", [1, 0], """{"kind":"b"}""", Noon.AddHours(9)));
        var changed = Assert.Single(await store.GetAsync(notes, Ids(5), Token));
        var first = Note(5, "changed", [1, 0], """{"kind":"b"}""");
        Assert.True(await store.ReplaceAsync(notes, first with { Memory = first.Memory with { StoredAt = Noon.AddHours(9), FirstStoredAt = Noon.AddHours(1) } }, changed.Revision, Token));

        Assert.Equal(Ids(2, 3, 5, 1, 4, 6), (await store.ReadNewestAsync(notes, filter: null, 10, Token)).Select(memory => memory.Id));
        Assert.Equal(Ids(2, 3, 5), (await store.ReadNewestAsync(notes, filter: null, 3, Token)).Select(memory => memory.Id));
        Assert.Equal(Ids(5, 1), (await store.ReadNewestAsync(notes, filter: null, 2, new ListPosition(Noon.AddHours(2), new MemoryId(3)), Token)).Select(memory => memory.Id));
        Assert.Equal(Ids(6), (await store.ReadNewestAsync(notes, filter: null, 10, new ListPosition(null, new MemoryId(4)), Token)).Select(memory => memory.Id));
        Assert.Equal(Ids(3, 5), (await store.ReadNewestAsync(notes, filter: null, 2, new ListPosition(Noon.AddHours(2), new MemoryId(2)), Token)).Select(memory => memory.Id));
        Assert.Empty(await store.ReadNewestAsync(notes, filter: null, 10, new ListPosition(null, new MemoryId(6)), Token));
        var ofKind = await store.ReadNewestAsync(notes, FilterOf("""{"must":[{"key":"metadata.kind","match":{"value":"b"}}]}"""), 1, Token);
        Assert.Equal((new MemoryId(2), "b", Noon.AddHours(2)), (ofKind[0].Id, ofKind[0].Text, ofKind[0].FirstStoredAt));
    }

    [Theory]
    [InlineData("""{"must":[{"key":"first_stored_at","range":{"gte":"2026-03-04T12:00:00Z"}}]}""", 1UL)]
    [InlineData("""{"must":[{"is_empty":{"key":"first_stored_at"}}]}""", 2UL, 3UL)]
    [InlineData("""{"must":[{"is_empty":{"key":"first_stored_at"}},{"is_empty":{"key":"stored_at"}}]}""", 3UL)]
    [InlineData("""{"must":[{"key":"stored_at","range":{"gte":"2026-03-04T13:00:00Z"}},{"key":"document","match":{"text":"c"}},{"key":"metadata.kind","match":{"value":"b"}}]}""", 1UL)]
    public async Task Filters_see_when_a_changed_memory_was_first_stored(string filter, params ulong[] expected)
    {
        var changed = Note(1, "changed", [1, 0], """{"kind":"b"}""", Noon.AddHours(1));
        var (store, notes) = await OpenNotesAsync(
            changed with { Memory = changed.Memory with { FirstStoredAt = Noon } }, Note(2, "unchanged", [1, 0], storedAt: Noon), Note(3, "timeless", [1, 0]));

        Assert.Equal(expected.Length, await store.CountAsync(notes, FilterOf(filter), Token));
        Assert.Equal(Ids(expected), IdsOf(await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Filter = FilterOf(filter), Limit = 10 }, Token)));
    }
}
