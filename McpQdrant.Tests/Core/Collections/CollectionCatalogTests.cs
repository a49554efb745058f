using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Stores.Qdrant;

namespace McpQdrant.Tests.Core.Collections;

public sealed class CollectionCatalogTests : IDisposable
{
    private static readonly CollectionName Name = CollectionName.Parse("notes");

    private readonly StandInHandler _qdrant = new();
    private readonly QdrantMemoryStore _store;
    private readonly CollectionCatalog _catalog;

    public CollectionCatalogTests()
    {
        _store = TestStores.Over(_qdrant);
        _catalog = new CollectionCatalog(_store, new EmbeddingModels(new CountingModel(Notes.Model), []), new CollectionDefaults());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_answers_null_for_what_is_not_there_and_looks_again_each_time()
    {
        Assert.Null(await _catalog.GetAsync(Name, Token));
        await _store.CreateAsync(Notes.Spec, Token);

        Assert.NotNull(await _catalog.GetAsync(Name, Token));
    }

    [Fact]
    public async Task GetOrCreateAsync_makes_a_collection_that_notes_its_model()
    {
        var (layout, model, _) = await _catalog.GetOrCreateAsync(Name, Token);

        Assert.Equal(Notes.Layout with { PassageVectorName = Notes.Model.PassageVectorName }, layout);
        Assert.Equal(Notes.Model, model);
        Assert.Equal(new CollectionMetadata(Notes.Model, Bm25Options.Default), CollectionMetadata.Read((await _store.DescribeAsync(Name, Token))!.Metadata));
    }

    [Fact]
    public async Task A_warm_store_and_a_warm_find_are_one_request_each()
    {
        await _catalog.GetOrCreateAsync(Name, Token);
        _qdrant.Requests.Clear();

        await StoreAsync(1);
        var found = await FindAsync();

        Assert.Single(found);
        Assert.Equal(["PUT /collections/notes/points?wait=true", "POST /collections/notes/points/query/batch"], _qdrant.Requests.Select(request => request.Line));
    }

    [Fact]
    public async Task A_collection_that_was_made_anew_otherwise_is_used_as_it_is_now()
    {
        await StoreAsync(1);
        _qdrant.Send("DELETE", "/collections/notes", "");
        _qdrant.Send("PUT", "/collections/notes", """{"vectors":{"size":4,"distance":"Dot"}}""");

        await StoreAsync(2);

        Assert.Equal([2UL], (await FindAsync()).Select(hit => hit.Memory.Id.Number));
        Assert.Equal(("", Distance.Dot), await _catalog.GetAsync(Name, Token) is { Layout: var layout } ? (layout.VectorName, layout.Distance) : default);
    }

    [Fact]
    public async Task A_collection_that_was_deleted_is_made_again_by_a_store_and_empty_for_a_find()
    {
        await StoreAsync(1);
        _qdrant.Send("DELETE", "/collections/notes", "");

        Assert.Empty(await FindAsync());
        await StoreAsync(2);

        Assert.Equal([2UL], (await FindAsync()).Select(hit => hit.Memory.Id.Number));
    }

    [Fact]
    public async Task A_collection_that_stays_unusable_is_refused_after_one_more_look()
    {
        await StoreAsync(1);
        _qdrant.Send("DELETE", "/collections/notes", "");
        _qdrant.Send("PUT", "/collections/notes", """{"vectors":{"size":5,"distance":"Cosine"}}""");

        var failure = await Assert.ThrowsAsync<MemoryException>(() => StoreAsync(2));

        Assert.Contains("holds vectors of size 5", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alias_is_used_like_the_collection_behind_it()
    {
        await StoreAsync(1);
        _qdrant.Send("POST", "/collections/aliases", """{"actions":[{"create_alias":{"collection_name":"notes","alias_name":"mine"}}]}""");
        var alias = CollectionName.Parse("mine");

        var found = await _catalog.UseOrCreateAsync(
            alias, MemoryScope.Everything, used => _store.SearchAsync(used.Layout, Notes.Search with { Keywords = null }, Token), Token);

        Assert.Single(found);
    }

    public void Dispose() => _qdrant.Dispose();

    private Task<bool> StoreAsync(int number) => _catalog.UseOrCreateAsync(
        Name,
        MemoryScope.Everything,
        async used =>
        {
            await _store.UpsertAsync(used.Layout, [Notes.Memory(number)], Token);
            return true;
        },
        Token);

    private Task<IReadOnlyList<SearchHit>> FindAsync() =>
        _catalog.UseAsync(Name, MemoryScope.Everything, used => _store.SearchAsync(used.Layout, Notes.Search, Token), [], Token);
}
