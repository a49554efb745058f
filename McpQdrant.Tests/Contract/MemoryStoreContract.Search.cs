using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    [Fact]
    public async Task Search_returns_the_nearest_first_with_their_cosine()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "east", [1, 0], """{"a":1}""", Noon), Note(2, "north", [0, 5]), Note(3, "north-east", [3, 3]), Note(4, "west", [-2, 0]));

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(20, 0), Limit = 10 }, Token);

        Assert.Equal(Ids(1, 3, 2, 4), IdsOf(found));
        Assert.Equal([1, 0.70711, 0, -1], found.Select(hit => Math.Round(hit.Score, 5)));
        Assert.All(found, hit => Assert.Equal((hit.Score, null), (hit.Similarity, hit.KeywordRank)));
        var (id, text, metadata, storedAt) = found[0].Memory;
        Assert.Equal((new MemoryId(1), "east", """{"a":1}""", Noon), (id, text, metadata?.GetRawText(), storedAt));
    }

    [Fact]
    public async Task Search_returns_no_more_than_the_limit()
    {
        var (store, notes) = await OpenNotesAsync([.. Enumerable.Range(1, 30).Select(i => Note((ulong)i, "text", [30 - i, 30]))]);

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(0, 1), Limit = 7 }, Token);

        Assert.Equal(Ids(30, 29, 28, 27, 26, 25, 24), IdsOf(found));
    }

    [Fact]
    public async Task Search_orders_equal_scores_by_id()
    {
        MemoryId[] ids = [new(5), new(300), new(new Guid("00000000-0000-0000-0000-000000000001")), new(new Guid("ffffffff-0000-0000-0000-000000000001"))];
        var (store, notes) = await OpenNotesAsync([.. ids.Reverse().Select(id => Note(id, "the same", [1, 1]))]);

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 10 }, Token);

        Assert.Equal(ids, IdsOf(found));
    }

    [Fact]
    public async Task Search_threshold_must_be_exceeded()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zero", [0, 0]), Note(2, "across", [0, 1]), Note(3, "near", [1, 1]));

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 10, SimilarityThreshold = 0 }, Token);

        Assert.Equal(Ids(3), IdsOf(found));
    }

    [Fact]
    public async Task Search_scores_zero_vectors_zero()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zero", [0, 0]), Note(2, "away", [-1, 0]));

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 10 }, Token);
        var asked = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(0, 0), Limit = 10 }, Token);

        Assert.Equal([0, -1], found.Select(hit => hit.Score));
        Assert.Equal([0, 0], asked.Select(hit => hit.Score));
    }

    [Fact]
    public async Task Search_by_meaning_leaves_out_memories_without_a_vector()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "text", vector: null), Note(2, "text", [-1, 0]));

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 10 }, Token);

        Assert.Equal(Ids(2), IdsOf(found));
    }

    [Fact]
    public async Task Search_of_an_empty_collection_finds_nothing()
    {
        var (store, notes) = await OpenNotesAsync();

        Assert.Empty(await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Keywords = "word", Limit = 10 }, Token));
    }

    [Fact]
    public async Task Search_by_a_vector_of_a_wrong_size_is_refused()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "text", [1, 0]));

        await Assert.ThrowsAnyAsync<MemoryException>(() => store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0, 0), Limit = 1 }, Token));
    }

    [Fact]
    public async Task Search_finds_what_was_stored_just_before()
    {
        var (store, notes) = await OpenNotesAsync();

        for (ulong id = 1; id <= 20; id++)
        {
            await store.UpsertAsync(notes, [Note(id, "text", [1, id])], Token);
            var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(0, 1), Limit = 1 }, Token);
            Assert.Equal(Ids(id), IdsOf(found));
        }
    }

    [Fact]
    public async Task Search_that_is_cancelled_before_it_starts_is_cancelled()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "text", [1, 0]));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 1 }, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Search_with_recency_halves_a_score_each_half_life()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "new", [1, 1], storedAt: Noon), Note(2, "old", [1, 0], storedAt: Noon.AddDays(-20)), Note(3, "future", [1, 0], storedAt: Noon.AddDays(10)));
        var recency = new Recency(TimeSpan.FromDays(10), Noon);

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 10, Recency = recency }, Token);

        Assert.Equal(Ids(1, 3, 2), IdsOf(found));
        Assert.Equal([0.70711, 0.5, 0.25], found.Select(hit => Math.Round(hit.Score, 5)));
        Assert.Equal([0.70711, 1, 1], found.Select(hit => Math.Round(hit.Similarity!.Value, 5)));
    }

    [Fact]
    public async Task Search_with_recency_takes_a_memory_without_a_time_for_new()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "day-old", [1, 0], storedAt: Noon.AddDays(-1)), Note(2, "undated", [1, 0]));
        var recency = new Recency(TimeSpan.FromDays(10), Noon);

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 10, Recency = recency }, Token);

        Assert.Equal(Ids(2, 1), IdsOf(found));
        Assert.Equal(1, found[0].Score, 1e-5);
    }

    [Fact]
    public async Task Search_with_diversity_prefers_what_is_unlike_the_hits_before()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "first", [1, 0]), Note(2, "again", [1, 0.01f]), Note(3, "other", [0.6f, -0.8f]));
        var search = new SearchRequest { Vector = Towards(1, 0), Limit = 2 };

        var plain = await store.SearchAsync(notes, search, Token);
        var diverse = await store.SearchAsync(notes, search with { Diversity = 0.7 }, Token);

        Assert.Equal(Ids(1, 2), IdsOf(plain));
        Assert.Equal(Ids(1, 3), IdsOf(diverse));
        Assert.Equal([1, 0.6], diverse.Select(hit => Math.Round(hit.Score, 5)));
    }
}
