using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Qdrant;
using Qdrant.Client;
using Qdrant.Client.Grpc;
using Memory = McpQdrant.Core.Memories.Memory;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>
/// Qdrant's own client as an independent witness: what this store writes by REST, that client reads by gRPC, and the other way round.
/// Needs a real server: <c>QDRANT_TEST_URL</c> names its REST API, <c>QDRANT_TEST_GRPC_URL</c> its gRPC API.
/// </summary>
public sealed class OfficialClientTests : IAsyncLifetime
{
    private static readonly EmbeddingIdentity Model = new("local", "sentence-transformers/all-MiniLM-L6-v2", 4);

    private readonly string _collection = $"notes-{Guid.NewGuid():N}";
    private QdrantService? _service;
    private QdrantClient? _official;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IMemoryStore Store => _service!.Store;

    private QdrantClient Official => _official!;

    private CollectionName Name => CollectionName.Parse(_collection);

    public ValueTask InitializeAsync()
    {
        var rest = Environment.GetEnvironmentVariable("QDRANT_TEST_URL");
        var grpc = Environment.GetEnvironmentVariable("QDRANT_TEST_GRPC_URL");
        Assert.SkipWhen(string.IsNullOrEmpty(rest) || string.IsNullOrEmpty(grpc), "QDRANT_TEST_URL and QDRANT_TEST_GRPC_URL name no Qdrant server.");

        var key = Environment.GetEnvironmentVariable("QDRANT_TEST_API_KEY") is { Length: > 0 } value ? value : null;
        _service = new QdrantService(new QdrantOptions { Url = new Uri(rest!), ApiKey = key });
        _official = new QdrantClient(new Uri(grpc!), key);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_official is not null)
            await _official.DeleteCollectionAsync(_collection);
        _official?.Dispose();
        _service?.Dispose();
    }

    [Fact]
    public async Task Official_client_reads_the_collection_that_the_store_made()
    {
        await Store.CreateAsync(new CollectionSpec { Name = Name, Model = Model }, Token);

        var parameters = (await Official.GetCollectionInfoAsync(_collection, Token)).Config.Params;

        var vectors = parameters.VectorsConfig.ParamsMap.Map;
        Assert.Equal((4UL, global::Qdrant.Client.Grpc.Distance.Cosine), (vectors["fast-all-minilm-l6-v2"].Size, vectors["fast-all-minilm-l6-v2"].Distance));
        Assert.Equal(MultiVectorComparator.MaxSim, vectors[Model.PassageVectorName].MultivectorConfig.Comparator);
        Assert.Equal(Modifier.Idf, parameters.SparseVectorsConfig.Map[CollectionLayout.KeywordVectorName].Modifier);
    }

    [Fact]
    public async Task Official_client_reads_the_memories_that_the_store_wrote()
    {
        var metadata = JsonElement.Parse("""{"author":"Zoë","page":9007199254740993,"weight":0.25,"tags":["a","b"],"nested":{"done":true,"none":null}}""");
        var uuid = Guid.NewGuid();
        var layout = await CreateAsync();
        await Store.UpsertAsync(layout, [Note(new MemoryId(18446744073709551615), "The ferry leaves at noon. 🚢", [1, 0, 0, 0], metadata), Note(new MemoryId(uuid), "plain", [0, 1, 0, 0])], Token);

        var points = await Official.RetrieveAsync(_collection, [new PointId { Num = 18446744073709551615 }, new PointId { Uuid = $"{uuid}" }], withPayload: true, withVectors: true, cancellationToken: Token);

        var point = Assert.Single(points, one => one.Id.HasNum);
        Assert.Equal("The ferry leaves at noon. 🚢", point.Payload["document"].StringValue);
        var fields = point.Payload["metadata"].StructValue.Fields;
        Assert.Equal("Zoë", fields["author"].StringValue);
        Assert.Equal(9007199254740993, fields["page"].IntegerValue);
        Assert.Equal(0.25, fields["weight"].DoubleValue);
        Assert.Equal(["a", "b"], fields["tags"].ListValue.Values.Select(tag => tag.StringValue));
        Assert.True(fields["nested"].StructValue.Fields["done"].BoolValue);
        Assert.Equal(Value.KindOneofCase.NullValue, fields["nested"].StructValue.Fields["none"].KindCase);
        Assert.Equal("plain", Assert.Single(points, one => one.Id.Uuid == $"{uuid}").Payload["document"].StringValue);
    }

    [Fact]
    public async Task Official_client_finds_the_memories_that_the_store_wrote()
    {
        var layout = await CreateAsync();
        await Store.UpsertAsync(layout, [Note(new MemoryId(1), "near", [1, 0, 0, 0]), Note(new MemoryId(2), "far", [0, 1, 0, 0])], Token);

        var found = await Official.QueryAsync(_collection, query: new float[] { 0.9f, 0.1f, 0, 0 }, usingVector: layout.VectorName, limit: 2, payloadSelector: true, cancellationToken: Token);
        var ours = await Store.SearchAsync(layout, new SearchRequest { Vector = new SemanticVector.Embedded(new float[] { 0.9f, 0.1f, 0, 0 }), Limit = 2 }, Token);

        Assert.Equal(["near", "far"], found.Select(point => point.Payload["document"].StringValue));
        Assert.Equal(found.Select(point => Math.Round(point.Score, 4)), ours.Select(hit => Math.Round(hit.Score, 4)));
    }

    [Fact]
    public async Task Store_reads_and_finds_what_the_official_client_wrote()
    {
        await Official.CreateCollectionAsync(
            _collection,
            new VectorParamsMap { Map = { ["fast-all-minilm-l6-v2"] = new VectorParams { Size = 4, Distance = global::Qdrant.Client.Grpc.Distance.Cosine } } },
            cancellationToken: Token);
        var near = Point(1, "near", [1, 0, 0, 0]);
        near.Payload["metadata"] = new Value { StructValue = new Struct { Fields = { ["page"] = 7, ["tags"] = new[] { "a", "b" } } } };
        await Official.UpsertAsync(_collection, [near, Point(2, "far", [0, 1, 0, 0])], cancellationToken: Token);

        var info = await Store.DescribeAsync(Name, Token);
        var layout = CollectionLayoutResolver.Resolve(info!, Model, documentField: null);
        var found = await Store.SearchAsync(layout, new SearchRequest { Vector = new SemanticVector.Embedded(new float[] { 1, 0, 0, 0 }), Limit = 2 }, Token);
        var read = await Store.ReadAllAsync(layout, null, withVectors: true, Token).ToListAsync(Token);

        Assert.Equal(2, info!.Points);
        Assert.Equal(["near", "far"], found.Select(hit => hit.Memory.Text));
        Assert.Equal("""{"page":7,"tags":["a","b"]}""", CanonicalJson.Of(found[0].Memory.Metadata!.Value));
        Assert.Equal([1, 0, 0, 0], Assert.IsType<SemanticVector.Embedded>(read[0].Vector).Values.ToArray());
    }

    [Fact]
    public async Task Store_keeps_fields_of_the_official_client_when_it_changes_a_memory_and_misses_what_that_deletes()
    {
        var layout = await CreateAsync();
        await Store.UpsertAsync(layout, [Note(new MemoryId(1), "old", [1, 0, 0, 0]), Note(new MemoryId(2), "other", [0, 1, 0, 0])], Token);
        await Official.SetPayloadAsync(_collection, new Dictionary<string, Value> { ["reviewed"] = true }, 1UL, cancellationToken: Token);

        var read = Assert.Single(await Store.GetAsync(layout, [new MemoryId(1)], Token));
        var replaced = await Store.ReplaceAsync(layout, Note(new MemoryId(1), "new", [0, 0, 1, 0]), read.Revision, Token);
        await Official.DeleteAsync(_collection, 2UL, cancellationToken: Token);

        Assert.True(replaced);
        var point = Assert.Single(await Official.RetrieveAsync(_collection, 1UL, cancellationToken: Token));
        Assert.Equal(("new", true), (point.Payload["document"].StringValue, point.Payload["reviewed"].BoolValue));
        Assert.Equal(1, await Store.CountAsync(layout, null, Token));
    }

    private static StoredMemory Note(MemoryId id, string text, float[] vector, JsonElement? metadata = null) =>
        new(new Memory(id, text, metadata, DateTimeOffset.UnixEpoch), new SemanticVector.Embedded(vector));

    private static PointStruct Point(ulong id, string text, float[] vector) => new()
    {
        Id = id,
        Vectors = new Dictionary<string, float[]> { ["fast-all-minilm-l6-v2"] = vector },
        Payload = { ["document"] = text },
    };

    private async Task<CollectionLayout> CreateAsync()
    {
        await Store.CreateAsync(new CollectionSpec { Name = Name, Model = Model }, Token);
        return CollectionLayoutResolver.Resolve((await Store.DescribeAsync(Name, Token))!, Model, documentField: null);
    }
}
