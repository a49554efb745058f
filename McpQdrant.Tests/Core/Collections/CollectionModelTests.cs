using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using McpQdrant.Core;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Authentication;
using McpQdrant.Stores.Sqlite;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Stores.Qdrant;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Core.Collections;

/// <summary>Each collection is used with the model that wrote it, whichever is configured for new ones, in both stores.</summary>
public sealed class CollectionModelTests : IDisposable
{
    private static readonly CollectionName Old = CollectionName.Parse("old");
    private static readonly CollectionName New = CollectionName.Parse("new");
    private static readonly IProgress<BackfillProgress> NoProgress = new Progress<BackfillProgress>();
    private static readonly string Long = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"In year {i} the harbour was dredged by barge number {i}."));

    private readonly CountingModel _configured = new(new EmbeddingIdentity("local", "maker/configured", 8));
    private readonly CountingModel _shipped = new(new EmbeddingIdentity("local", "maker/shipped", 16, "query: |passage: "));
    private readonly StandInHandler _qdrant = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Storing_updating_and_finding_take_the_collections_model(bool isQdrant)
    {
        await using var services = Compose(isQdrant);
        await CreateAsync(services, Old, _shipped.Identity);

        var stored = await StoreAsync(services, Old, "the kettle whistles");
        await services.GetRequiredService<UpdateMemory>().HandleAsync(Caller.Local, new UpdateMemoryRequest(Old, stored.Id, "the cat sat on the mat"), Token);
        var found = await FindAsync(services, Old, "cat");

        Assert.Equal("the cat sat on the mat", Assert.Single(found.Hits).Memory.Text);
        Assert.Equal((0, 0), (_configured.Documents, _configured.Questions));
        Assert.Equal((2, 1), (_shipped.Documents, _shipped.Questions));
        await AssertVectorsAsync(services, Old, _shipped.VectorOf("the cat sat on the mat"));
        Assert.Null((await EntriesAsync(services)).Single().Problem);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task New_collections_are_of_the_configured_model(bool isQdrant)
    {
        await using var services = Compose(isQdrant);

        await StoreAsync(services, New, "the kettle whistles");
        await FindAsync(services, New, "kettle");

        Assert.Equal(_configured.Identity.Model, (await EntriesAsync(services)).Single().Model);
        Assert.Equal((1, 1), (_configured.Documents, _configured.Questions));
        Assert.Equal((0, 0), (_shipped.Documents, _shipped.Questions));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_find_over_collections_of_two_models_embeds_once_a_model(bool isQdrant)
    {
        await using var services = Compose(isQdrant);
        await CreateAsync(services, Old, _shipped.Identity);
        await CreateAsync(services, CollectionName.Parse("older"), _shipped.Identity);
        foreach (var name in (CollectionName[])[New, Old, CollectionName.Parse("older")])
            await StoreAsync(services, name, $"the kettle of {name}");

        var found = await FindAsync(services, null, "kettle");

        Assert.Equal(["new", "old", "older"], found.Hits.Select(hit => hit.Collection.Value).Order(StringComparer.Ordinal));
        Assert.Empty(found.Unusable);
        Assert.All(found.Hits, hit => Assert.NotNull(hit.Hit.Similarity));
        Assert.Equal((1, 1), (_configured.Questions, _shipped.Questions));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_collection_of_a_model_that_is_not_there_is_refused_and_left_out_of_a_find_over_all(bool isQdrant)
    {
        await using var services = Compose(isQdrant);
        await CreateAsync(services, Old, new EmbeddingIdentity("ollama", "maker/gone", 8));
        await StoreAsync(services, New, "the kettle whistles");

        var refused = await Assert.ThrowsAsync<MemoryException>(() => FindAsync(services, Old, "kettle"));
        var found = await FindAsync(services, null, "kettle");

        Assert.Equal(
            "Collection 'old' was written with maker/gone (8 numbers a vector), and this server embeds with maker/configured (8 numbers a vector); "
            + "their vectors can't be compared. Choose another collection, or set EMBEDDING_MODEL to the model that wrote it.", refused.Message);
        Assert.Single(found.Hits);
        Assert.Equal([(Old, refused.Message)], found.Unusable);
        await Assert.ThrowsAsync<MemoryException>(() => StoreAsync(services, Old, "tea"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_prefix_makes_another_model(bool isQdrant)
    {
        await using var services = Compose(isQdrant);
        await CreateAsync(services, Old, _shipped.Identity with { Prefixes = "find: |" });

        var refused = await Assert.ThrowsAsync<MemoryException>(() => StoreAsync(services, Old, "tea"));

        Assert.Contains("was written with maker/shipped (16 numbers a vector, prefixes 'find: |')", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Passages_are_of_the_collections_model_and_made_by_an_upgrade_too(bool isQdrant)
    {
        await using var services = Compose(isQdrant);
        var layout = await CreateAsync(services, Old, _shipped.Identity);

        var stored = await StoreAsync(services, Old, Long);
        var other = new Memory(new MemoryId(7), $"Another one. {Long}", null, null);
        await services.GetRequiredService<IMemoryStore>().UpsertAsync(layout, [new StoredMemory(other, new SemanticVector.Embedded(_shipped.VectorOf(other.Text)))], Token);
        var before = _shipped.Documents;
        await services.GetRequiredService<UpgradeCollection>().HandleAsync(Caller.Local, new UpgradeCollectionRequest(Old, NoProgress), Token);

        Assert.InRange(stored.Passages, 3, 20);
        Assert.True(_shipped.Documents - before > 3, $"{_shipped.Documents - before} texts were embedded");
        Assert.Equal(0, _configured.Documents);
        Assert.All((await FindAsync(services, Old, "barge number 39")).Hits, hit => Assert.NotNull(hit.Hit.Passage));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_embeds_with_the_model_of_where_it_goes_and_takes_vectors_of_that_model_only(bool isQdrant)
    {
        await using var services = Compose(isQdrant);
        await CreateAsync(services, Old, _shipped.Identity);
        ImportEntry.Header Header(EmbeddingIdentity model) => new("line 0", new MemoryFileHeader(Old, model, null, null, 1));

        await ImportAsync(services, Header(_shipped.Identity), Item(1, "kept as it came", 16));
        Assert.Equal(0, _shipped.Documents);
        await ImportAsync(services, Header(_configured.Identity), Item(2, "of another model", 8), Item(3, "of another model and as long", 16));

        Assert.Equal((2, 0), (_shipped.Documents, _configured.Documents));
        await AssertVectorsAsync(services, Old, OneOf(16), _shipped.VectorOf("of another model"), _shipped.VectorOf("of another model and as long"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_is_of_the_configured_model_or_refused(bool isQdrant)
    {
        await using var services = Compose(isQdrant);
        await CreateAsync(services, Old, _shipped.Identity);
        await CreateAsync(services, CollectionName.Parse("older"), _shipped.Identity);
        await StoreAsync(services, Old, "the kettle whistles");
        var copy = services.GetRequiredService<CopyCollection>();

        await copy.HandleAsync(Caller.Local, new CopyCollectionRequest(Old, New, NoProgress), Token);
        var refused = await Assert.ThrowsAsync<MemoryException>(
            () => copy.HandleAsync(Caller.Local, new CopyCollectionRequest(Old, CollectionName.Parse("older"), NoProgress), Token));

        await AssertVectorsAsync(services, New, _configured.VectorOf("the kettle whistles"));
        Assert.Contains("'older' was written with maker/shipped", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"fast-shipped":{"size":16,"distance":"Cosine"}}""", "maker/shipped")]
    [InlineData("""{"fast-shipped":{"size":16,"distance":"Cosine"},"fast-configured":{"size":8,"distance":"Cosine"}}""", "maker/configured")]
    [InlineData("""{"dense":{"size":8,"distance":"Cosine"}}""", "maker/configured")]
    [InlineData("""{"fast-shipped":{"size":16,"distance":"Cosine"},"dense":{"size":8,"distance":"Cosine"}}""", "maker/shipped")]
    public async Task Where_nothing_is_noted_the_name_of_a_vector_tells(string vectors, string model)
    {
        await using var services = Compose(isQdrant: true);
        _qdrant.Send("PUT", "/collections/old", $$"""{"vectors":{{vectors}}}""");

        var used = await services.GetRequiredService<CollectionCatalog>().GetAsync(Old, Token);

        Assert.Equal(model, used!.Model.Model);
    }

    [Fact]
    public async Task A_vector_that_is_being_added_is_not_the_writers()
    {
        await using var services = Compose(isQdrant: true);
        _qdrant.Send("PUT", "/collections/old", """{"vectors":{"fast-shipped":{"size":16,"distance":"Cosine"},"fast-configured":{"size":8,"distance":"Cosine"}}}""");
        await services.GetRequiredService<ITextMaintenance>().WriteMetadataAsync(Old, CollectionMetadata.BackfillKey, CollectionMetadata.BackfillValue("fast-configured"), Token);

        var used = await services.GetRequiredService<CollectionCatalog>().GetAsync(Old, Token);

        Assert.Equal("maker/shipped", used!.Model.Model);
    }

    public void Dispose() => _qdrant.Dispose();

    private ServiceProvider Compose(bool isQdrant)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddAccess(new AccessBounds(), Caller.Local)
            .AddMemories(new SearchOptions(), new CollectionDefaults())
            .AddSingleton(new EmbeddingModels(_configured, [_shipped]));
        if (!isQdrant)
            return services.AddSqliteStore(new SqliteStoreOptions()).BuildServiceProvider();

        var store = TestStores.Over(_qdrant);
        return services.AddSingleton<IMemoryStore>(store).AddSingleton<IChangeLog>(store).AddSingleton<ITextMaintenance>(store).AddSingleton<ICollectionMaintenance>(store)
            .BuildServiceProvider();
    }

    private static async Task<CollectionLayout> CreateAsync(ServiceProvider services, CollectionName name, EmbeddingIdentity model)
    {
        var store = services.GetRequiredService<IMemoryStore>();
        await store.CreateAsync(new CollectionSpec { Name = name, Model = model }, Token);
        return CollectionLayoutResolver.Resolve((await store.DescribeAsync(name, Token))!, model, documentField: null);
    }

    private static Task<StoreMemoryResult> StoreAsync(ServiceProvider services, CollectionName name, string text) =>
        services.GetRequiredService<StoreMemory>().HandleAsync(Caller.Local, new StoreMemoryRequest(name, text), Token);

    private static Task<FindMemoriesResult> FindAsync(ServiceProvider services, CollectionName? name, string query) =>
        services.GetRequiredService<FindMemories>().HandleAsync(Caller.Local, new FindMemoriesRequest(name, query), Token);

    private static Task<IReadOnlyList<CollectionEntry>> EntriesAsync(ServiceProvider services) =>
        services.GetRequiredService<ListCollections>().HandleAsync(Caller.Local, new ListCollectionsRequest(), Token);

    private static Task<ImportMemoriesResult> ImportAsync(ServiceProvider services, params ImportEntry[] entries) =>
        services.GetRequiredService<ImportMemories>().HandleAsync(Caller.Local, new ImportMemoriesRequest(Replay(entries), NoProgress), Token);

    private static async IAsyncEnumerable<ImportEntry> Replay(ImportEntry[] entries, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var entry in entries)
            yield return await ValueTask.FromResult(entry);
    }

    private static ImportEntry.Item Item(ulong id, string text, int size) =>
        new($"line {id}", new ImportedMemory(text, null) { Id = new MemoryId(id), Vector = OneOf(size) });

    private static float[] OneOf(int size) => [1, .. new float[size - 1]];

    /// <summary>The stored vectors, by id, are these; stores keep them at length 1.</summary>
    private static async Task AssertVectorsAsync(ServiceProvider services, CollectionName name, params float[][] expected)
    {
        var (layout, _, _) = (await services.GetRequiredService<CollectionCatalog>().GetAsync(name, Token))!;
        var all = await services.GetRequiredService<IMemoryStore>().ReadAllAsync(layout, filter: null, withVectors: true, Token).ToArrayAsync(Token);
        Assert.Equal(expected.Length, all.Length);
        Assert.All(all.Zip(expected), pair => Assert.True(
            TensorPrimitives.CosineSimilarity(((SemanticVector.Embedded)pair.First.Vector!).Values.Span, pair.Second) > 0.999, pair.First.Memory.Text));
    }
}
