using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Tests.Core.Collections;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>What only the Qdrant store does; what every store does is in the contract.</summary>
public sealed class QdrantMemoryStoreTests : IDisposable
{
    private readonly StandInHandler _qdrant = new();
    private readonly QdrantMemoryStore _store;

    public QdrantMemoryStoreTests() => _store = TestStores.Over(_qdrant);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_collection_is_what_the_python_server_makes_and_keywords_and_notes()
    {
        var options = new QdrantOptions
        {
            Url = TestStores.Options.Url,
            ShardNumber = 3,
            ReplicationFactor = 2,
            WriteConsistency = 1,
            OnDisk = true,
            Quantization = QuantizationKind.Scalar,
        };
        var spec = Notes.Spec with { IndexedFields = [new IndexedField("metadata.year", FieldType.Integer)] };

        await TestStores.Over(_qdrant, options).CreateAsync(spec, Token);

        Assert.Equal(["GET /", "PUT /collections/notes", "PUT /collections/notes/index?wait=true"], _qdrant.Requests.Select(request => request.Line));
        Assert.Equal(
            """
            {"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine","on_disk":true},
            "fast-all-minilm-l6-v2-passages":{"size":4,"distance":"Cosine","on_disk":true,"multivector_config":{"comparator":"max_sim"}}},"sparse_vectors":{"bm25":{"modifier":"idf"}},
            "shard_number":3,"replication_factor":2,"write_consistency_factor":1,"quantization_config":{"scalar":{"type":"int8","always_ram":true}},
            "metadata":{"mcp-server-qdrant":{"provider":"local","model":"sentence-transformers/all-MiniLM-L6-v2","dimensions":4,
            "bm25":{"avg_len":100,"language":"english","pairs":true}}}}
            """.ReplaceLineEndings(""),
            _qdrant.Requests[1].Body);
        Assert.Equal("""{"field_name":"metadata.year","field_schema":"integer"}""", _qdrant.Requests[2].Body);
    }

    [Theory]
    [InlineData(true, ",\"on_disk\":true")]
    [InlineData(false, ",\"on_disk\":false")]
    [InlineData(null, "")]
    public async Task A_new_collection_keeps_its_vectors_where_it_was_told_to(bool? onDisk, string sent)
    {
        await TestStores.Over(_qdrant, new QdrantOptions { Url = TestStores.Options.Url, OnDisk = onDisk }).CreateAsync(Notes.Spec, Token);

        Assert.StartsWith(
            $$$"""{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"{{{sent}}}},"fast-all-minilm-l6-v2-passages":{"size":4,"distance":"Cosine"{{{sent}}},"multi""", _qdrant.Requests[1].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"vectors":{"size":4,"distance":"Cosine"}}""", """{"id":7,"vector":[1,0,0,0],"payload":{"text":"tea","source":"kitchen"}}""")]
    [InlineData("""{"vectors":{"":{"size":4,"distance":"Cosine"}},"sparse_vectors":{}}""", """{"id":7,"vector":{"":[1,0,0,0]},"payload":{"page_content":"tea","metadata":{"source":"kitchen"}}}""")]
    [InlineData("""{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"}}}""", """{"id":7,"vector":{"fast-all-minilm-l6-v2":[1,0,0,0]},"payload":{"document":"tea","metadata":{"source":"kitchen"}}}""")]
    public async Task A_collection_of_another_program_is_stored_to_in_its_shape_and_found_from(string collection, string point)
    {
        _qdrant.Send("PUT", "/collections/notes", collection);
        _qdrant.Send("PUT", "/collections/notes/points?wait=true", $$"""{"points":[{{point}}]}""");
        var layout = (await new CollectionCatalog(_store, new EmbeddingModels(new CountingModel(Notes.Model), []), new CollectionDefaults()).GetAsync(Notes.Spec.Name, Token))!.Layout;
        var coffee = new Memory(new MemoryId(8), "coffee", JsonElement.Parse("""{"source":"office"}"""), null);

        await _store.UpsertAsync(layout, [new StoredMemory(coffee, Notes.Vector(0, 1, 0, 0))], Token);
        var found = await _store.SearchAsync(layout, Notes.Search, Token);

        Assert.Equal([("tea", "kitchen"), ("coffee", "office")], found.Select(hit => (hit.Memory.Text, hit.Memory.Metadata!.Value.GetProperty("source").GetString())));
        var written = JsonElement.Parse(_qdrant.Requests.Single(request => request.Line.StartsWith("PUT", StringComparison.Ordinal)).Body).GetProperty("points")[0];
        Assert.Equal(
            JsonElement.Parse(point).GetProperty("payload").EnumerateObject().Select(field => field.Name),
            written.GetProperty("payload").EnumerateObject().Select(field => field.Name).Where(name => name != CollectionLayout.RevisionField));
    }

    [Fact]
    public async Task An_update_leaves_what_other_programs_keep_with_a_memory()
    {
        _qdrant.Send("PUT", "/collections/notes", """{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"},"fast-other":{"size":2,"distance":"Cosine"},"image":{"size":2,"distance":"Dot"}},"sparse_vectors":{"splade":{},"bm25":{"modifier":"idf"}}}""");
        _qdrant.Send("PUT", "/collections/notes/points?wait=true", """
            {"points":[{"id":1,"vector":{"fast-all-minilm-l6-v2":[1,0,0,0],"fast-other":[1,0],"image":[0.5,2],"splade":{"indices":[7],"values":[0.25]}},
            "payload":{"page_content":"tea","metadata":{"a":1},"owner":"ann","stored_at":"2026-01-01T00:00:00Z"}}]}
            """);

        var read = Assert.Single(await _store.GetAsync(Notes.Layout, [new MemoryId(1)], Token)).Revision;
        Assert.True(await _store.ReplaceAsync(Notes.Layout, Notes.Memory(1, "coffee"), read, origin: null, Token));

        var point = _qdrant.Send("POST", "/collections/notes/points", """{"ids":[1],"with_payload":true,"with_vector":true}""")[0];
        var revision = point.GetProperty("payload").GetProperty(CollectionLayout.RevisionField).GetString();
        Assert.Equal($$"""{"document":"coffee","metadata":null,"stored_at":"1970-01-01T00:00:00Z","memory_revision":"{{revision}}","owner":"ann"}""", point.GetProperty("payload").GetRawText());
        Assert.Equal(("[0.5,2]", """{"indices":[7],"values":[0.25]}"""), (Vector("image"), Vector("splade")));
        Assert.False(point.GetProperty("vector").TryGetProperty("fast-other", out _), "it was made of the old text");
        Assert.Single(await _store.SearchAsync(Notes.Layout, new SearchRequest { Keywords = "coffee", Limit = 5 }, Token));

        string Vector(string name) => point.GetProperty("vector").GetProperty(name).GetRawText();
    }

    [Fact]
    public async Task Metadata_beside_the_text_may_not_take_its_field()
    {
        var flat = Notes.Layout with { TextField = "text", MetadataField = null };
        var memory = new StoredMemory(new Memory(new MemoryId(1), "tea", JsonElement.Parse("""{"text":"no"}"""), null), null);

        var failure = await Assert.ThrowsAsync<MemoryException>(() => _store.UpsertAsync(flat, [memory], Token));

        Assert.Equal("Collection 'notes' keeps metadata beside the text, and 'text' is a field of the memory itself. Rename that key.", failure.Message);
    }

    [Fact]
    public async Task Payloads_that_are_no_memories_are_read_as_well_as_they_can_be()
    {
        await _store.CreateAsync(Notes.Spec, Token);
        _qdrant.Send("PUT", "/collections/notes/points?wait=true", """
            {"points":[
              {"id":1,"vector":{},"payload":{"document":null,"metadata":["a"],"stored_at":"not a date"}},
              {"id":2,"vector":{},"payload":{"chunk":"by another","page":3,"stored_at":"2026-01-02"}},
              {"id":3,"vector":{}}
            ]}
            """);

        var read = await _store.GetAsync(Notes.Layout, [new(1), new(2), new(3)], Token);

        Assert.Equal(["", "by another", ""], read.Select(memory => memory.Text));
        Assert.Equal(["""{"metadata":["a"]}""", """{"page":3}""", null], read.Select(memory => memory.Metadata?.GetRawText()));
        Assert.Equal([null, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), null], read.Select(memory => memory.StoredAt));
    }

    [Fact]
    public async Task A_vector_that_is_not_finite_is_refused_before_it_is_sent()
    {
        foreach (var number in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            await Assert.ThrowsAsync<MemoryException>(
                () => _store.UpsertAsync(Notes.Layout, [Notes.Memory(1) with { Vector = Notes.Vector(1, number, 0, 0) }], Token));

        Assert.Empty(_qdrant.Requests);
    }

    [Fact]
    public async Task Batches_are_split_below_what_the_server_takes()
    {
        await _store.CreateAsync(Notes.Spec, Token);
        _qdrant.Requests.Clear();
        var text = new string('x', 12 * 1024 * 1024);
        var layout = Notes.Layout with { Keywords = null };

        await _store.UpsertAsync(layout, [.. Enumerable.Range(1, 4).Select(number => Notes.Memory(number, text))], Token);

        Assert.Equal(2, _qdrant.Requests.Count);
        Assert.All(_qdrant.Requests, request => Assert.InRange(request.Body.Length, 1, 32 * 1024 * 1024));
        Assert.Equal(4, await _store.CountAsync(layout, null, Token));
    }

    [Fact]
    public async Task A_memory_that_is_larger_than_a_request_may_be_is_refused()
    {
        var failure = await Assert.ThrowsAsync<MemoryException>(
            () => _store.UpsertAsync(Notes.Layout, [Notes.Memory(1, new string('x', 33 * 1024 * 1024))], Token));

        Assert.Contains("larger than the 32 MiB", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_qdrant.Requests);
    }

    [Fact]
    public async Task Texts_are_embedded_by_the_server_where_it_is_to_do_so()
    {
        var inferred = new SemanticVector.Inferred("tea", "sentence-transformers/all-minilm-l6-v2");

        var failure = await Assert.ThrowsAsync<QdrantRefusal>(async () =>
        {
            await _store.CreateAsync(Notes.Spec, Token);
            await _store.SearchAsync(Notes.Layout, new SearchRequest { Vector = inferred, Limit = 1 }, Token);
        });

        Assert.Contains("""{"query":{"nearest":{"text":"tea","model":"sentence-transformers/all-minilm-l6-v2"}}""", _qdrant.Requests[^1].Body, StringComparison.Ordinal);
        Assert.Contains("knows no embedding model", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distances_are_negative_scores_so_that_higher_is_better_and_thresholds_mean_the_same()
    {
        var near = Notes.Layout with { Distance = Distance.Euclid, Keywords = null };
        _qdrant.Send("PUT", "/collections/notes", """{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Euclid"}}}""");
        await _store.UpsertAsync(near, [.. Enumerable.Range(1, 3).Select(number => Notes.Memory(number))], Token);

        var found = await _store.SearchAsync(near, Notes.Search with { SimilarityThreshold = -2.5 }, Token);

        Assert.Equal([(1UL, -1.0, -1.0), (2UL, -2.0, -2.0)], found.Select(hit => (hit.Memory.Id.Number, hit.Score, hit.Similarity!.Value)));
    }

    [Fact]
    public async Task All_memories_are_read_page_by_page_in_the_order_of_their_ids()
    {
        await _store.CreateAsync(Notes.Spec, Token);
        await _store.UpsertAsync(Notes.Layout, [.. Enumerable.Range(1, 250).Reverse().Select(number => Notes.Memory(number))], Token);

        var read = new List<StoredMemory>();
        await foreach (var memory in _store.ReadAllAsync(Notes.Layout, null, withVectors: true, Token))
            read.Add(memory);

        Assert.Equal(Enumerable.Range(1, 250).Select(number => (ulong)number), read.Select(memory => memory.Memory.Id.Number));
        Assert.All(read, memory => Assert.Equal(4, ((SemanticVector.Embedded)memory.Vector!).Values.Length));
    }

    [Fact]
    public async Task A_collection_is_made_hybrid_in_place_and_nothing_else_is_touched()
    {
        _qdrant.Send("PUT", "/collections/notes", """{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"}}}""");
        var plain = Notes.Layout with { Keywords = null };
        await _store.UpsertAsync(plain, [.. Enumerable.Range(1, 5).Select(number => Notes.Memory(number))], Token);

        await _store.AddSparseVectorAsync(plain.Name, CollectionLayout.KeywordVectorName, Token);
        Assert.Equal(5, await _store.CountMissingAsync(plain, CollectionLayout.KeywordVectorName, Token));
        var lacking = new List<Memory>();
        await foreach (var memory in _store.ReadMissingAsync(plain, CollectionLayout.KeywordVectorName, Token))
            lacking.Add(memory);
        _qdrant.Send("POST", "/collections/notes/points/delete?wait=true", """{"points":[3]}""");
        await _store.FillKeywordsAsync(Notes.Layout, lacking, Token);
        await _store.WriteMetadataAsync(plain.Name, CollectionMetadata.Key, new CollectionMetadata(Notes.Model, Bm25Options.Default).ToJson(), Token);

        Assert.Equal(0, await _store.CountMissingAsync(plain, CollectionLayout.KeywordVectorName, Token));
        Assert.Equal(4, await _store.CountAsync(plain, null, Token));
        Assert.Equal([4UL], (await _store.SearchAsync(Notes.Layout, new SearchRequest { Keywords = "4", Limit = 5 }, Token)).Select(hit => hit.Memory.Id.Number));
        Assert.Equal(Bm25Options.Default, CollectionMetadata.Read((await _store.DescribeAsync(plain.Name, Token))!.Metadata)!.Keywords);
    }

    [Fact]
    public async Task A_collection_is_embedded_anew_in_place_beside_the_old_vectors()
    {
        await _store.CreateAsync(Notes.Spec, Token);
        await _store.UpsertAsync(Notes.Layout, [Notes.Memory(1), Notes.Memory(2)], Token);
        var other = new VectorInfo("fast-other", 2, Distance.Cosine);

        await _store.AddDenseVectorAsync(Notes.Spec.Name, other, Token);
        var missing = await _store.ReadMissingAsync(Notes.Layout, other.Name, Token).ToArrayAsync(Token);
        await _store.FillVectorsAsync(Notes.Layout, other.Name, [.. missing.Select(memory => new StoredMemory(memory, Notes.Vector(1, 1)))], Token);

        Assert.Equal(0, await _store.CountMissingAsync(Notes.Layout, other.Name, Token));
        Assert.Equal(2, (await _store.SearchAsync(Notes.Layout, Notes.Search, Token)).Count);
        Assert.Equal(2, (await _store.SearchAsync(Notes.Layout with { VectorName = other.Name }, Notes.Search with { Vector = Notes.Vector(1, 1) }, Token)).Count);
    }

    [Fact]
    public async Task A_memory_that_was_changed_since_it_was_read_gets_no_vector_of_its_old_text()
    {
        await _store.CreateAsync(Notes.Spec, Token);
        await _store.UpsertAsync(Notes.Layout, [Notes.Memory(1), Notes.Memory(2)], Token);
        await _store.AddDenseVectorAsync(Notes.Spec.Name, new VectorInfo("fast-other", 2, Distance.Cosine), Token);
        var missing = await _store.ReadMissingAsync(Notes.Layout, "fast-other", Token).ToArrayAsync(Token);
        await _store.ReplaceAsync(Notes.Layout, Notes.Memory(1, "coffee"), missing[0].Revision, origin: null, Token);

        await _store.FillVectorsAsync(Notes.Layout, "fast-other", [.. missing.Select(memory => new StoredMemory(memory, Notes.Vector(1, 1)))], Token);

        Assert.Equal(1UL, Assert.Single(await _store.ReadMissingAsync(Notes.Layout, "fast-other", Token).ToArrayAsync(Token)).Id.Number);
    }

    [Fact]
    public async Task A_memory_of_another_program_is_changed_and_deleted_only_as_it_was_read()
    {
        _qdrant.Send("PUT", "/collections/notes", """{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"} } }""");
        Write("tea", """{"a":1}""");
        var read = await ReadAsync();
        Write("tea", """{"a":2}""");

        Assert.False(await _store.ReplaceAsync(Plain, Notes.Memory(1, "coffee"), read.Revision, origin: null, Token));
        Assert.Equal(0, await _store.DeleteAsync(Plain, new MemorySelection.ByRevisions([new ReadMemory(read.Id, read.Revision)]), origin: null, Token));
        Assert.True(await _store.ReplaceAsync(Plain, Notes.Memory(1, "coffee"), (await ReadAsync()).Revision, origin: null, Token));
        Assert.Equal("coffee", (await ReadAsync()).Text);
        Write("milk", "null");
        var milk = await ReadAsync();
        Assert.Equal(1, await _store.DeleteAsync(Plain, new MemorySelection.ByRevisions([new ReadMemory(milk.Id, milk.Revision)]), origin: null, Token));
        Assert.Empty(await _store.GetAsync(Plain, [new MemoryId(1)], Token));

        void Write(string text, string metadata) => _qdrant.Send("PUT", "/collections/notes/points?wait=true",
            $$"""{"points":[{"id":1,"vector":{"fast-all-minilm-l6-v2":[1,0,0,0]},"payload":{"document":"{{text}}","metadata":{{metadata}} } }]}""");

        async Task<Memory> ReadAsync() => Assert.Single(await _store.GetAsync(Plain, [new MemoryId(1)], Token));
    }

    [Fact]
    public async Task An_older_server_changes_a_memory_under_a_condition_as_long_as_its_text_stays()
    {
        _qdrant.Version = "1.15.4";
        _qdrant.Send("PUT", "/collections/notes", """{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"} } }""");
        Assert.Single(await _store.InsertAsync(Plain, [Notes.Memory(1, "tea")], origin: null, Token));
        Assert.Empty(await _store.InsertAsync(Plain, [Notes.Memory(1, "milk")], origin: null, Token));
        var read = Assert.Single(await _store.GetAsync(Plain, [new MemoryId(1)], Token));
        var changed = Notes.Memory(1, "tea") with { Memory = read with { Metadata = JsonElement.Parse("""{"a":1}""") } };

        Assert.True(await _store.ReplaceAsync(Plain, changed, read.Revision, origin: null, Token));
        Assert.False(await _store.ReplaceAsync(Plain, changed, read.Revision, origin: null, Token));
        var now = Assert.Single(await _store.GetAsync(Plain, [new MemoryId(1)], Token));
        var failure = await Assert.ThrowsAsync<MemoryException>(() => _store.ReplaceAsync(Plain, Notes.Memory(1, "coffee"), now.Revision, origin: null, Token));

        Assert.Equal("""{"a":1}""", now.Metadata!.Value.GetRawText());
        Assert.StartsWith("This Qdrant server can't change the text of a memory without the risk of losing another's change; versions from 1.17 on can.", failure.Message, StringComparison.Ordinal);
    }

    private static CollectionLayout Plain => Notes.Layout with { Keywords = null };

    [Fact]
    public async Task An_older_server_that_can_not_add_a_vector_is_told_of()
    {
        var older = TestStores.Over(new OlderServer());

        var failure = await Assert.ThrowsAsync<MemoryException>(() => older.AddSparseVectorAsync(Notes.Spec.Name, "bm25", Token));

        Assert.Equal("This Qdrant server can't add a vector to a collection that is there; versions from 1.18 on can. Upgrade it.", failure.Message);
    }

    [Fact]
    public async Task A_server_before_keywords_gets_a_collection_without_them()
    {
        var server = new OlderServer();

        await TestStores.Over(server).CreateAsync(Notes.Spec, Token);

        Assert.DoesNotContain("bm25", server.LastBody, StringComparison.Ordinal);
    }

    public void Dispose() => _qdrant.Dispose();

    /// <summary>Qdrant 1.15: no weights of words of its own, no address for adding vectors.</summary>
    private sealed class OlderServer : HttpMessageHandler
    {
        public string LastBody { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            LastBody = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            if (request.RequestUri!.AbsolutePath.Contains("/vectors/", StringComparison.Ordinal))
                return new HttpResponseMessage(System.Net.HttpStatusCode.NotFound);

            var answer = request.RequestUri.AbsolutePath == "/" ? """{"title":"qdrant","version":"1.15.4"}""" : """{"result":true,"status":"ok","time":0}""";
            return new HttpResponseMessage { Content = new StringContent(answer) };
        }
    }
}
