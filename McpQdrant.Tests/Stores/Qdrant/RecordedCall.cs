using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>The call of the store that a recorded request stands for, and a check of what the store makes of a good answer.</summary>
/// <param name="LeftOut">Why the store has no part in it; null where it has.</param>
internal sealed record RecordedCall(string? LeftOut, Func<QdrantMemoryStore, Task>? Run)
{
    private const string NotWritable = "bodies that were not kept, or that the store can't write";
    private const string OtherCollections = "collections that the store doesn't make: of another shape, or with settings that it has no part in";

    private static readonly Bm25Options QdrantDefaults = new(256, "english", HasPairs: true);

    public static RecordedCall Of(RecordedExchange exchange)
    {
        if (!exchange.IsWhole || exchange.RawBody is not null)
            return Skip(NotWritable);
        if (exchange.Headers.Keys.Any(name => name is not "api-key"))
            return Skip("headers that the store doesn't send");

        var segments = exchange.Path.Split('?')[0].Trim('/').Split('/');
        if (segments[0] != "collections")
            return Skip("addresses that the store doesn't use: health, aliases, telemetry");
        if (exchange.Path.Contains("timeout=", StringComparison.Ordinal) || exchange.Path.Contains("api-key=", StringComparison.Ordinal))
            return Skip("query strings that the store doesn't send");
        if (segments.Length == 1)
            return exchange.Method == "GET" ? List(exchange) : Skip("addresses that the store doesn't use: health, aliases, telemetry");

        if (!TryName(segments[1], out var name))
            return Skip("collection names that are refused before a request is made");

        var rest = string.Join('/', segments.Skip(2));
        if (exchange.Method is "POST" or "PUT" && exchange.Body is not { ValueKind: JsonValueKind.Object })
            return Skip(NotWritable);

        var body = exchange.Body ?? default;
        return (exchange.Method, rest) switch
        {
            ("GET", "") => Describe(name, exchange),
            ("PUT", "") => Create(name, body),
            ("PATCH", "") => Note(name, body),
            ("PUT", "index") => Index(name, body),
            ("PUT", _) when rest.StartsWith("vectors/", StringComparison.Ordinal) => AddVector(name, Uri.UnescapeDataString(segments[3]), body),
            ("PUT", "points") => Upsert(name, body, exchange),
            ("PUT", "points/vectors") => Fill(name, body),
            ("POST", "points/query") => Query(name, body, exchange),
            ("POST", "points/query/batch") => Skip("batches of unlike questions"),
            ("POST", "points/scroll") => Scroll(name, body, exchange),
            ("POST", "points/count") => Count(name, body, exchange),
            ("POST", "points") => Retrieve(name, body, exchange),
            ("POST", "points/delete") => Delete(name, body, exchange),
            _ => Skip("operations that the store doesn't use: exists, payload, facets, groups, batches of writes, deletion of collections"),
        };
    }

    private static RecordedCall List(RecordedExchange exchange) => Do(async store =>
    {
        var names = await store.ListAsync(Token);

        Assert.Equal(
            exchange.Result.GetProperty("collections").EnumerateArray().Select(collection => collection.GetProperty("name").GetString()!).Order(StringComparer.Ordinal),
            names.Select(name => name.Value));
    });

    private static RecordedCall Describe(CollectionName name, RecordedExchange exchange) => Do(async store =>
    {
        var collection = await store.DescribeAsync(name, Token);
        if (exchange.Status == 404)
        {
            Assert.Null(collection);
            throw new StaleCollectionException("none: that is an answer, not a failure.");
        }

        var config = exchange.Result.GetProperty("config");
        var vectors = config.GetProperty("params").GetProperty("vectors");
        Assert.Equal(exchange.Result.GetProperty("points_count").GetInt64(), collection!.Points);
        Assert.Equal(
            vectors.TryGetProperty("distance", out _) ? [""] : vectors.EnumerateObject().Select(vector => vector.Name),
            collection.Vectors.Select(vector => vector.Name));
        Assert.All(collection.Vectors, vector => Assert.True(vector.Size > 0));
        Assert.Equal(
            config.GetProperty("params").TryGetProperty("sparse_vectors", out var sparse) ? sparse.EnumerateObject().Select(vector => vector.Name) : [],
            collection.SparseVectors);
        Assert.Equal(config.TryGetProperty("metadata", out var notes) ? notes.EnumerateObject().Count() : 0, collection.Metadata.Count);
    });

    private static RecordedCall Create(CollectionName name, JsonElement body)
    {
        if (!Is(body, "vectors", out var vectors) || vectors.EnumerateObject().Count() != 1
            || body.EnumerateObject().Any(member => member.Name is not ("vectors" or "sparse_vectors"))
            || (Is(body, "sparse_vectors", out var sparse) && !sparse.TryGetProperty("bm25", out _)))
            return Skip(OtherCollections);

        var vector = vectors.EnumerateObject().First();
        if (vector.Value.ValueKind != JsonValueKind.Object || vector.Value.EnumerateObject().Count() != 2 || !Is(vector.Value, "size", out var size)
            || vector.Value.GetProperty("distance").GetString() != "Cosine" || !vector.Name.StartsWith("fast-", StringComparison.Ordinal))
            return Skip(OtherCollections);

        var spec = new CollectionSpec { Name = name, Model = new EmbeddingIdentity("local", vector.Name["fast-".Length..], size.GetInt32()) };
        return Do(store => store.CreateAsync(spec, Token));
    }

    private static RecordedCall Note(CollectionName name, JsonElement body) =>
        Is(body, "metadata", out var metadata) && metadata.EnumerateObject().Count() == 1 && body.EnumerateObject().Count() == 1
            ? Do(store => store.WriteMetadataAsync(name, metadata.EnumerateObject().First().Name, metadata.EnumerateObject().First().Value, Token))
            : Skip("changes of a collection's settings");

    private static RecordedCall Index(CollectionName name, JsonElement body)
    {
        FieldType? type = body.GetProperty("field_schema").ToString() switch
        {
            "keyword" => FieldType.Keyword,
            "integer" => FieldType.Integer,
            "float" => FieldType.Float,
            "bool" => FieldType.Boolean,
            _ => null,
        };
        if (type is null)
            return Skip("index types that the store doesn't make");

        var spec = new CollectionSpec
        {
            Name = name,
            Model = new EmbeddingIdentity("local", "m", 4),
            IndexedFields = [new IndexedField(body.GetProperty("field_name").GetString()!, type.Value)],
        };
        return Do(store => store.CreateAsync(spec, Token));
    }

    private static RecordedCall AddVector(CollectionName name, string vector, JsonElement body)
    {
        if (Is(body, "sparse", out var sparse))
            return sparse.TryGetProperty("modifier", out var modifier) && modifier.GetString() == "idf"
                ? Do(store => store.AddSparseVectorAsync(name, vector, Token))
                : Skip("sparse vectors without the modifier idf");

        return Is(body, "dense", out var dense)
            ? Do(store => store.AddDenseVectorAsync(
                name, new VectorInfo(vector, dense.GetProperty("size").GetInt32(), Enum.Parse<Distance>(dense.GetProperty("distance").GetString()!), dense.TryGetProperty("multivector_config", out _)), Token))
            : Skip(NotWritable);
    }

    private static RecordedCall Upsert(CollectionName name, JsonElement body, RecordedExchange exchange)
    {
        if (!exchange.Path.EndsWith("?wait=true", StringComparison.Ordinal))
            return Skip("writes that aren't waited for");
        if (body.EnumerateObject().Any(member => member.Name is not "points") || body.GetProperty("points").GetArrayLength() == 0)
            return Skip("upserts under a condition, or of nothing");

        CollectionLayout? layout = null;
        var memories = new List<StoredMemory>();
        foreach (var point in body.GetProperty("points").EnumerateArray())
        {
            if (!TryId(point.GetProperty("id"), out var id))
                return Skip("ids that no MemoryId spells");
            if (point.TryGetProperty("payload", out var payload) && Is(payload, "revision", out _))
                return Skip("conditions in the recorder's own field");
            if (payload.ValueKind == JsonValueKind.Object && Is(payload, "stored_at", out var time) && !time.GetString()!.EndsWith(":00Z", StringComparison.Ordinal))
                return Skip("times that the store would spell in UTC");
            if (!TryLayout(name, point, out var itsLayout, out var vector) || (layout is not null && (layout.VectorName != itsLayout.VectorName || layout.Keywords != itsLayout.Keywords)))
                return Skip("points with vectors of a kind, or with fields, that the store doesn't write");

            layout = itsLayout;
            memories.Add(new StoredMemory(TextAndMetadata(id, point), vector));
        }
        return Do(store => store.UpsertAsync(layout!, memories, Token));
    }

    private static RecordedCall Fill(CollectionName name, JsonElement body)
    {
        if (Is(body, "update_filter", out _))
            return Skip("conditions in the recorder's own field");
        var points = body.GetProperty("points").EnumerateArray().ToList();
        if (points is not [var point] || !TryId(point.GetProperty("id"), out var id))
            return Skip("vectors that the store doesn't fill");

        var vector = point.GetProperty("vector").EnumerateObject().Single();
        if (vector.Value.ValueKind == JsonValueKind.Object)
            return Do(store => store.FillKeywordsAsync(
                Layout(name, "") with { Keywords = QdrantDefaults }, [new Memory(id, vector.Value.GetProperty("text").GetString()!, null, null)], Token));
        if (vector.Value[0].ValueKind == JsonValueKind.Array)
            return Do(store => store.FillPassagesAsync(
                Layout(name, "") with { PassageVectorName = vector.Name },
                [new StoredMemory(new Memory(id, "", null, null), null) { Passages = [.. vector.Value.EnumerateArray().Select(Numbers)] }], Token));
        return Do(store => store.FillVectorsAsync(Layout(name, ""), vector.Name, [new StoredMemory(new Memory(id, "", null, null), Numbers(vector.Value))], Token));
    }

    private static RecordedCall Query(CollectionName name, JsonElement body, RecordedExchange exchange)
    {
        if (body.EnumerateObject().Any(member => member.Name is not ("query" or "using" or "limit" or "filter" or "score_threshold" or "with_payload" or "with_vector")
            && !(member.Name == "offset" && member.Value.GetRawText() == "0")))
            return Skip("queries with an offset, settings, groups, or prefetches (those are tested form by form)");
        if (!Is(body, "query", out var query))
            return Skip("queries without a question");

        var diversity = query.ValueKind == JsonValueKind.Object && Is(query, "mmr", out var mmr) ? Is(mmr, "diversity", out var asked) ? asked.GetDouble() : -1 : (double?)null;
        if (diversity == -1)
            return Skip("diversity by default");
        if (query.ValueKind == JsonValueKind.Object && Is(query, "nearest", out var nearest))
            query = nearest;

        var limit = Is(body, "limit", out var number) ? number : JsonElement.Parse("10");
        if (limit.ValueKind != JsonValueKind.Number || !limit.TryGetInt64(out var count) || limit.GetRawText().Contains('.') || count is < 1 or > int.MaxValue)
            return Skip("limits that no int spells");
        if (Is(body, "score_threshold", out var threshold) && threshold.ValueKind != JsonValueKind.Number)
            return Skip(NotWritable);

        var layout = Layout(name, Is(body, "using", out var vectorName) ? vectorName.GetString()! : "");
        var search = new SearchRequest
        {
            // One less than recorded: the store looks one further, at where a tie would be.
            Limit = Math.Max(1, (int)count - 1),
            Filter = Is(body, "filter", out var filter) ? RawFilter.Of(filter) : null,
            SimilarityThreshold = Is(body, "score_threshold", out threshold) ? (layout.Distance is Distance.Euclid or Distance.Manhattan ? -1 : 1) * threshold.GetDouble() : null,
            Diversity = diversity,
        };
        switch (query.ValueKind)
        {
            case JsonValueKind.Array when query.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number):
                search = search with { Vector = Numbers(query) };
                break;
            case JsonValueKind.Object when Is(query, "text", out var text) && Is(query, "model", out var model):
                if (model.GetString() == "qdrant/bm25" && layout.VectorName == "bm25" && search.SimilarityThreshold is null && diversity is null)
                {
                    if (!TryKeywords(query, out var keywords))
                        return Skip("BM25 options that the store doesn't send");
                    layout = layout with { Keywords = keywords };
                    search = search with { Keywords = text.GetString() };
                }
                else if (Is(query, "options", out _))
                    return Skip("BM25 options that the store doesn't send");
                else
                    search = search with { Vector = new SemanticVector.Inferred(text.GetString()!, model.GetString()!) };
                break;
            default:
                return Skip("questions that are no vector and no text");
        }
        return Do(async store => AssertHits(exchange, layout, search, await store.SearchAsync(layout, search, Token)));
    }

    private static RecordedCall Scroll(CollectionName name, JsonElement body, RecordedExchange exchange)
    {
        if (Is(body, "order_by", out _) || Is(body, "offset", out _) || (Is(body, "limit", out var limit) && limit.GetInt64() == 0))
            return Skip("pages in another order, or from the middle");

        var layout = Layout(name, "");
        return Do(async store =>
        {
            // Never beyond the first page: the next one is another request.
            var expected = exchange.Status == 200 ? exchange.Result.GetProperty("points").EnumerateArray().ToList() : [];
            if (expected.Count > 0 && expected[0].TryGetProperty("payload", out var payload))
                layout = layout with { TextField = TextFieldOf(payload) ?? layout.TextField };
            var read = new List<StoredMemory>();
            await foreach (var memory in store.ReadAllAsync(layout, Is(body, "filter", out var filter) ? RawFilter.Of(filter) : null, withVectors: true, Token))
            {
                read.Add(memory);
                if (read.Count == expected.Count)
                    break;
            }

            Assert.Equal(expected.Select(point => point.GetProperty("id").ToString()), read.Select(memory => memory.Memory.Id.ToString()));
            Assert.Equal(expected.Select(TextOf), read.Select(memory => memory.Memory.Text));
        });
    }

    private static RecordedCall Count(CollectionName name, JsonElement body, RecordedExchange exchange) => Do(async store =>
    {
        var count = await store.CountAsync(Layout(name, ""), Is(body, "filter", out var filter) ? RawFilter.Of(filter) : null, Token);

        Assert.Equal(exchange.Result.GetProperty("count").GetInt64(), count);
    });

    private static RecordedCall Retrieve(CollectionName name, JsonElement body, RecordedExchange exchange)
    {
        var ids = new List<MemoryId>();
        foreach (var id in body.GetProperty("ids").EnumerateArray())
        {
            if (!TryId(id, out var parsed))
                return Skip("ids that no MemoryId spells");
            ids.Add(parsed);
        }
        return Do(async store =>
        {
            var memories = await store.GetAsync(Layout(name, ""), ids, Token);

            var expected = exchange.Result.EnumerateArray().ToList();
            Assert.Equal(expected.Select(point => point.GetProperty("id").ToString()), memories.Select(memory => memory.Id.ToString()));
            Assert.Equal(expected.Select(TextOf), memories.Select(memory => memory.Text));
        });
    }

    private static RecordedCall Delete(CollectionName name, JsonElement body, RecordedExchange exchange)
    {
        MemorySelection selection;
        if (Is(body, "points", out var points))
        {
            var ids = points.EnumerateArray().Select(id => TryId(id, out var parsed) ? parsed : (MemoryId?)null).ToList();
            if (ids.Contains(null))
                return Skip("ids that no MemoryId spells");
            selection = new MemorySelection.ByIds([.. ids.Select(id => id!.Value)]);
        }
        else
            return Skip("deletion by a filter, of everything, or of nothing");

        var isForgotten = exchange.Path.EndsWith("?wait=true", StringComparison.Ordinal);
        return isForgotten ? Do(store => store.DeleteAsync(Layout(name, ""), selection, origin: null, Token)) : Skip("writes that aren't waited for");
    }

    private static void AssertHits(RecordedExchange exchange, CollectionLayout layout, SearchRequest search, IReadOnlyList<SearchHit> found)
    {
        var sign = layout.Distance is Distance.Euclid or Distance.Manhattan ? -1 : 1;
        var hits = exchange.Result.GetProperty("points").EnumerateArray()
            .Where(point => point.GetProperty("score").ValueKind == JsonValueKind.Number)
            .Select(point => (Id: point.GetProperty("id").ToString(), Score: sign * point.GetProperty("score").GetDouble(), Text: TextOf(point)));
        var expected = search.Diversity is not null
            ? hits.ToList()
            : [.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => MemoryId.TryParse(hit.Id, out var id) ? id : default)];
        Assert.Equal(expected.Take(search.Limit).Select(hit => (hit.Id, hit.Text)), found.Select(hit => (hit.Memory.Id.ToString(), hit.Memory.Text)));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-6));
        Assert.All(found, hit => Assert.Equal(search.Vector is null ? null : hit.Score, hit.Similarity));
    }

    private static bool TryLayout(CollectionName name, JsonElement point, out CollectionLayout layout, out SemanticVector? vector)
    {
        layout = Layout(name, "");
        vector = null;
        if (!point.TryGetProperty("vector", out var vectors))
            return false;
        if (point.TryGetProperty("payload", out var payload)
            && (payload.ValueKind != JsonValueKind.Object || (payload.EnumerateObject().Any() && TextFieldOf(payload) is null)))
            return false;
        if (vectors.ValueKind == JsonValueKind.Array)
        {
            vector = vectors.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number) ? Numbers(vectors) : null;
            layout = Shape(layout, point);
            return vector is not null;
        }

        foreach (var entry in vectors.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.Array && entry.Value.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number) && vector is null)
            {
                layout = layout with { VectorName = entry.Name };
                vector = Numbers(entry.Value);
            }
            else if (entry.NameEquals("bm25") && entry.Value.ValueKind == JsonValueKind.Object && Is(entry.Value, "text", out var text)
                && entry.Value.GetProperty("model").GetString() == "qdrant/bm25" && TryKeywords(entry.Value, out var keywords) && text.GetString() == TextOf(point))
                layout = layout with { Keywords = keywords };
            else
                return false;
        }
        layout = Shape(layout, point);
        return true;
    }

    private static CollectionLayout Shape(CollectionLayout layout, JsonElement point) =>
        point.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.Object && payload.EnumerateObject().Any()
            ? layout with
            {
                TextField = TextFieldOf(payload)!,
                MetadataField = payload.TryGetProperty("metadata", out _) ? "metadata" : null,
            }
            : layout;

    private static Memory TextAndMetadata(MemoryId id, JsonElement point)
    {
        if (!point.TryGetProperty("payload", out var payload))
            return new Memory(id, "", null, null);

        return new Memory(
            id,
            TextOf(point),
            payload.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object ? metadata : null,
            payload.TryGetProperty("stored_at", out var time) && DateTimeOffset.TryParse(time.GetString(), out var storedAt) ? storedAt : null);
    }

    private static string TextOf(JsonElement point) =>
        point.TryGetProperty("payload", out var payload) && TextFieldOf(payload) is { } field ? payload.GetProperty(field).GetString()! : "";

    /// <summary>A collection may keep its texts anywhere: where neither known name is there, the one text that is.</summary>
    private static string? TextFieldOf(JsonElement payload) =>
        payload.TryGetProperty("document", out _) ? "document"
        : payload.TryGetProperty("page_content", out _) ? "page_content"
        : payload.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String && field.Name is "id_form").Select(field => field.Name).FirstOrDefault();

    private static bool TryKeywords(JsonElement text, out Bm25Options keywords)
    {
        keywords = QdrantDefaults;
        if (!Is(text, "options", out var options))
            return true;
        if (options.EnumerateObject().Any(option => option.Name is not ("avg_len" or "language") || option.Value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)))
            return false;

        keywords = new Bm25Options(
            Is(options, "avg_len", out var length) ? length.GetDouble() : keywords.AverageLength,
            Is(options, "language", out var language) ? language.GetString()! : keywords.Language,
            HasPairs: true);
        return true;
    }

    private static CollectionLayout Layout(CollectionName name, string vector) => new()
    {
        Name = name,
        VectorName = vector,
        VectorSize = 4,
        Distance = name.Value switch
        {
            "shape-euclid" => Distance.Euclid,
            "shape-manhattan" => Distance.Manhattan,
            "shape-dot" => Distance.Dot,
            _ => Distance.Cosine,
        },
    };

    private static bool TryName(string escaped, out CollectionName name)
    {
        try
        {
            name = CollectionName.Parse(Uri.UnescapeDataString(escaped));
            return true;
        }
        catch (MemoryException)
        {
            name = default;
            return false;
        }
    }

    private static bool TryId(JsonElement id, out MemoryId parsed)
    {
        parsed = default;
        if (id.ValueKind == JsonValueKind.String)
            return MemoryId.TryParse(id.GetString(), out parsed) && !parsed.IsNumber;
        if (id.ValueKind != JsonValueKind.Number || !id.TryGetUInt64(out var number))
            return false;

        parsed = new MemoryId(number);
        return true;
    }

    private static SemanticVector.Embedded Numbers(JsonElement array) => new(array.EnumerateArray().Select(number => number.GetSingle()).ToArray());

    private static bool Is(JsonElement parent, string name, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private static RecordedCall Do(Func<QdrantMemoryStore, Task> run) => new(null, run);

    private static RecordedCall Skip(string reason) => new(reason, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
