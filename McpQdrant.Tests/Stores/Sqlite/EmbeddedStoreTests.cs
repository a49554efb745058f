using System.Text.Json;
using CsCheck;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>What the embedded store promises beyond the contract.</summary>
public sealed class EmbeddedStoreTests
{
    [Fact]
    public async Task Search_cuts_equal_scores_by_id()
    {
        using var store = await TestStore.OpenAsync(folder: null);
        await store.StoreAsync(7, 9, 3, 8, 1, 5);

        Assert.Equal([1UL, 3, 5], await store.FindAsync(limit: 3));
        Assert.Equal([1UL, 3, 5], await store.FindAsync(limit: 3, words: "text"));
    }

    [Fact]
    public async Task Search_of_so_many_that_cores_share_them_finds_the_same()
    {
        using var store = await TestStore.OpenAsync(folder: null);
        var vectors = Enumerable.Range(1, 10_000).ToDictionary(id => (ulong)id, id => new float[] { MathF.Cos(id * 0.37f), MathF.Sin(id * 0.37f) });
        await store.Store.UpsertAsync(
            store.Notes, [.. vectors.Select(pair => new StoredMemory(new Memory(new MemoryId(pair.Key), "text", null, null), new SemanticVector.Embedded(pair.Value)))], CancellationToken.None);

        var found = await store.FindAsync(limit: 20);

        Assert.Equal(vectors.OrderByDescending(pair => pair.Value[0]).ThenBy(pair => pair.Key).Take(20).Select(pair => pair.Key), found);
    }

    [Theory]
    [InlineData("""{ "spaces" : [ 1e3, 123456789012345678901234567890 ],  "a": "\u00fc\/" }""")]
    [InlineData("""{"twice":1,"twice":2}""")]
    public async Task Upsert_keeps_metadata_letter_by_letter(string metadata)
    {
        using var store = await TestStore.OpenAsync(folder: null);
        var memory = new Memory(new MemoryId(1), "text", JsonElement.Parse(metadata), null);

        await store.Store.UpsertAsync(store.Notes, [new StoredMemory(memory, null)], CancellationToken.None);

        var kept = Assert.Single(await store.Store.GetAsync(store.Notes, [new MemoryId(1)], CancellationToken.None));
        Assert.Equal(metadata, kept.Metadata!.Value.GetRawText());
    }

    [Theory]
    [InlineData("""{"half":"\ud800"}""", "half of a character")]
    [InlineData("""{"\udc00":1}""", "half of a character")]
    [InlineData(null, "nested")]
    public async Task Upsert_refuses_metadata_that_no_filter_could_read(string? metadata, string words)
    {
        using var store = await TestStore.OpenAsync(folder: null);
        metadata ??= $$"""{"deep":{{new string('[', 200)}}{{new string(']', 200)}}}""";
        var memory = new Memory(new MemoryId(1), "text", JsonElement.Parse(metadata, new JsonDocumentOptions { MaxDepth = 300 }), null);

        var refusal = await Assert.ThrowsAsync<MemoryException>(() =>
            store.Store.UpsertAsync(store.Notes, [new StoredMemory(memory, null)], CancellationToken.None));

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await store.FindAsync());
    }

    [Fact]
    public async Task Search_takes_any_text_for_words()
    {
        using var store = await TestStore.OpenAsync(folder: null);
        await store.StoreAsync(1);

        await Gen.String[Gen.Char, 0, 30].SampleAsync(async noise => Assert.Equal([1UL], await store.FindAsync(words: $"{noise} text")), iter: 2000);
    }

    [Fact]
    public async Task A_write_that_is_refused_does_not_fail_those_beside_it()
    {
        using var store = await TestStore.OpenAsync(folder: null);
        var wrong = new StoredMemory(new Memory(new MemoryId(1000), "text", null, null), new SemanticVector.Embedded(new float[] { 1, 2, 3 }));

        var writes = Enumerable.Range(0, 60).Select(i => Task.Run(() => i % 3 == 0
            ? Assert.ThrowsAsync<MemoryException>(() => store.Store.UpsertAsync(store.Notes, [wrong], CancellationToken.None))
            : store.StoreAsync((ulong)i)));
        await Task.WhenAll(writes);

        Assert.Equal(40, (await store.FindAsync()).Count);
    }

    [Fact]
    public async Task A_vector_for_the_qdrant_server_is_refused()
    {
        using var store = await TestStore.OpenAsync(folder: null);
        var search = new SearchRequest { Vector = new SemanticVector.Inferred("text", "model"), Limit = 1 };

        await Assert.ThrowsAsync<MemoryException>(() => store.Store.SearchAsync(store.Notes, search, CancellationToken.None));
    }

    [Fact]
    public async Task A_layout_of_another_vector_is_stale()
    {
        using var store = await TestStore.OpenAsync(folder: null);

        await Assert.ThrowsAsync<StaleCollectionException>(() =>
            store.Store.CountAsync(store.Notes with { VectorName = "other" }, null, CancellationToken.None));
    }
}
