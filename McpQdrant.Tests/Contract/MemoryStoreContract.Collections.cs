using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    [Fact]
    public async Task List_names_what_was_created()
    {
        var store = await OpenAsync();
        var (one, other) = (NewSpec(), NewSpec());
        await store.CreateAsync(one, Token);
        await store.CreateAsync(other, Token);

        var names = await store.ListAsync(Token);

        Assert.Contains(one.Name, names);
        Assert.Contains(other.Name, names);
    }

    [Fact]
    public async Task Describe_is_null_where_there_is_no_collection()
    {
        var store = await OpenAsync();

        Assert.Null(await store.DescribeAsync(NewSpec().Name, Token));
    }

    [Fact]
    public async Task Describe_says_what_was_created()
    {
        var store = await OpenAsync();
        var spec = NewSpec(size: 7);
        await store.CreateAsync(spec, Token);

        var info = await store.DescribeAsync(spec.Name, Token);

        Assert.NotNull(info);
        Assert.Equal(spec.Name, info.Name);
        Assert.Equal(0, info.Points);
        Assert.Equal(
            [new VectorInfo("fast-tiny-model", 7, Distance.Cosine), new VectorInfo("fast-tiny-model-passages", 7, Distance.Cosine, IsMultivector: true)], info.Vectors);
        Assert.Equal([CollectionLayout.KeywordVectorName], info.SparseVectors);
    }

    [Fact]
    public async Task Describe_tells_the_model_and_how_words_are_counted()
    {
        var store = await OpenAsync();
        var spec = NewSpec() with { Model = new EmbeddingIdentity("local", "test/Tiny", 3, "e5"), Keywords = new Bm25Options(77, "none") };
        await store.CreateAsync(spec, Token);

        var info = await store.DescribeAsync(spec.Name, Token);

        Assert.Equal(new CollectionMetadata(spec.Model, spec.Keywords), CollectionMetadata.Read(info!.Metadata));
    }

    [Fact]
    public async Task Describe_counts_the_memories()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "one", [1, 0]), Note(2, "two", [0, 1]));

        var info = await store.DescribeAsync(notes.Name, Token);

        Assert.Equal(2, info!.Points);
    }

    [Theory]
    [InlineData("with a blank")]
    [InlineData("#%25;'--")]
    [InlineData("日本語 🦀")]
    [InlineData(".dot")]
    public async Task Create_takes_any_name_that_qdrant_takes(string suffix)
    {
        var store = await OpenAsync();
        var spec = NewSpec() with { Name = CollectionName.Parse($"{suffix}-{Guid.NewGuid():N}") };
        await store.CreateAsync(spec, Token);
        await store.UpsertAsync(LayoutOf(spec), [Note(1, "text", [1, 0])], Token);

        Assert.Equal(1, await store.CountAsync(LayoutOf(spec), null, Token));
        Assert.Contains(spec.Name, await store.ListAsync(Token));
    }

    [Fact]
    public async Task Create_tells_names_apart_by_case()
    {
        var store = await OpenAsync();
        var name = $"notes-{Guid.NewGuid():N}";
        var (lower, upper) = (NewSpec() with { Name = CollectionName.Parse(name) }, NewSpec() with { Name = CollectionName.Parse(name.ToUpperInvariant()) });
        await store.CreateAsync(lower, Token);
        await store.CreateAsync(upper, Token);
        await store.UpsertAsync(LayoutOf(lower), [Note(1, "text", [1, 0])], Token);

        Assert.Equal(1, await store.CountAsync(LayoutOf(lower), null, Token));
        Assert.Equal(0, await store.CountAsync(LayoutOf(upper), null, Token));
    }

    [Fact]
    public async Task Create_twice_leaves_the_collection_as_it_is()
    {
        var store = await OpenAsync();
        var spec = NewSpec();
        await store.CreateAsync(spec, Token);
        await store.UpsertAsync(LayoutOf(spec), [Note(1, "kept", [1, 0])], Token);

        await store.CreateAsync(spec, Token);

        Assert.Equal(1, await store.CountAsync(LayoutOf(spec), null, Token));
    }

    [Fact]
    public async Task Create_by_eight_at_once_succeeds_for_all_and_a_write_follows()
    {
        var store = await OpenAsync();
        var spec = NewSpec();

        await Task.WhenAll(Enumerable.Range(1, 8).Select(async i =>
        {
            await store.CreateAsync(spec, Token);
            await store.UpsertAsync(LayoutOf(spec), [Note((ulong)i, "text", [1, 0])], Token);
        }));

        Assert.Equal(8, await store.CountAsync(LayoutOf(spec), null, Token));
    }

    [Fact]
    public async Task A_missing_collection_makes_the_layout_stale()
    {
        var store = await OpenAsync();
        var missing = LayoutOf(NewSpec());
        var search = new SearchRequest { Vector = Towards(1, 0), Limit = 1 };

        await Assert.ThrowsAsync<StaleCollectionException>(() => store.UpsertAsync(missing, [Note(1, "text", [1, 0])], Token));
        await Assert.ThrowsAsync<StaleCollectionException>(() => store.SearchAsync(missing, search, Token));
        await Assert.ThrowsAsync<StaleCollectionException>(() => store.GetAsync(missing, Ids(1), Token));
        await Assert.ThrowsAsync<StaleCollectionException>(() => store.CountAsync(missing, null, Token));
        await Assert.ThrowsAsync<StaleCollectionException>(() => store.DeleteAsync(missing, new MemorySelection.ByIds(Ids(1)), Token));
        await Assert.ThrowsAsync<StaleCollectionException>(async () => await store.ReadAllAsync(missing, null, withVectors: true, Token).ToListAsync(Token));
    }
}
