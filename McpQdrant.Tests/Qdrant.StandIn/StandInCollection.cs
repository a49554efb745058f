using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Memories;

namespace McpQdrant.Tests.Qdrant;

/// <summary>A collection of the stand-in: its configuration and its points, by id.</summary>
internal sealed class StandInCollection
{
    private readonly SortedDictionary<MemoryId, StandInPoint> _points = [];
    private readonly SortedDictionary<string, StandInVector> _vectors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, bool> _sparse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _indexes = [];
    private readonly JsonObject _config;
    private int _operation;

    public StandInCollection(JsonElement config)
    {
        _config = StandInJson.Node(config)!.AsObject();
        if (config.TryGetProperty("vectors", out var vectors))
            foreach (var vector in Named(vectors))
                _vectors[vector.Name] = ReadVector(vector.Name, vector.Config, "VectorsConfig");
        if (config.TryGetProperty("sparse_vectors", out var sparse))
            foreach (var vector in sparse.EnumerateObject())
            {
                if (_vectors.ContainsKey(vector.Name))
                    throw StandInFailure.WrongInput($"Dense and sparse vector names must be unique - duplicate found with '{vector.Name}'");
                _sparse[vector.Name] = HasIdf(vector.Value);
            }
        if (_vectors.Keys.FirstOrDefault(name => name.Contains('/')) is { } bad)
            throw StandInFailure.WrongInput($"Invalid dense vector name `{bad}`: vector name cannot contain \"/\" char");
    }

    /// <summary>A collection as <see cref="Save"/> wrote it.</summary>
    public static StandInCollection Load(JsonElement saved)
    {
        var collection = new StandInCollection(saved.GetProperty("config"));
        foreach (var index in saved.GetProperty("indexes").EnumerateObject())
            collection._indexes[index.Name] = index.Value.GetString()!;
        foreach (var point in saved.GetProperty("points").EnumerateArray().Select(collection.ReadPoint))
            collection._points[point.Id] = point;
        return collection;
    }

    public string Save()
    {
        var config = _config.DeepClone().AsObject();
        config["vectors"] = Vectors();
        config["sparse_vectors"] = Describe()["config"]!["params"]!["sparse_vectors"]?.DeepClone() ?? new JsonObject();
        var yes = JsonElement.Parse("true");
        return new JsonObject
        {
            ["config"] = config,
            ["indexes"] = new JsonObject(_indexes.Select(index => KeyValuePair.Create(index.Key, (JsonNode?)index.Value))),
            ["points"] = new JsonArray([.. Points.Select(point => point.ToJson(yes, yes))]),
        }.ToJsonString();
    }

    public bool HasVectorsOf(StandInCollection other) => JsonNode.DeepEquals(Vectors(), other.Vectors());

    public IEnumerable<StandInPoint> Points => _points.Values;

    public StandInPoint? Find(MemoryId id) => _points.GetValueOrDefault(id);

    public bool IsSparse(string name) => _sparse.ContainsKey(name);

    public bool WeighsRareWords(string name) => _sparse[name];

    /// <exception cref="StandInFailure">There is no dense vector of that name.</exception>
    public StandInVector Vector(string name) => _vectors.GetValueOrDefault(name) ?? throw StandInFailure.NoVector(name);

    public JsonObject Describe()
    {
        var parameters = new JsonObject
        {
            ["vectors"] = Vectors(),
            ["shard_number"] = Setting("shard_number", 1),
            ["replication_factor"] = Setting("replication_factor", 1),
            ["write_consistency_factor"] = Setting("write_consistency_factor", 1),
            ["on_disk_payload"] = true,
        };
        if (_sparse.Count > 0 || _config.ContainsKey("sparse_vectors"))
            parameters["sparse_vectors"] = new JsonObject(_sparse.Select(vector =>
                KeyValuePair.Create(vector.Key, (JsonNode?)(vector.Value ? new JsonObject { ["modifier"] = "idf" } : []))));

        var config = new JsonObject
        {
            ["params"] = parameters,
            ["hnsw_config"] = JsonNode.Parse("""{"m":16,"ef_construct":100,"full_scan_threshold":10000,"max_indexing_threads":0,"on_disk":false}"""),
            ["optimizer_config"] = JsonNode.Parse("""
                {"deleted_threshold":0.2,"vacuum_min_vector_number":1000,"default_segment_number":2,"max_segment_size":null,"memmap_threshold":null,
                "indexing_threshold":10000,"flush_interval_sec":5,"max_optimization_threads":null,"prevent_unoptimized":null}
                """),
            ["wal_config"] = JsonNode.Parse("""{"wal_capacity_mb":32,"wal_segments_ahead":0,"wal_retain_closed":1}"""),
            ["quantization_config"] = _config["quantization_config"]?.DeepClone(),
        };
        if (_config["metadata"] is { } notes)
            config["metadata"] = notes.DeepClone();

        return new JsonObject
        {
            ["status"] = "green",
            ["optimizer_status"] = "ok",
            ["indexed_vectors_count"] = 0,
            ["points_count"] = _points.Count,
            ["segments_count"] = 2,
            ["config"] = config,
            ["payload_schema"] = new JsonObject(_indexes.Select(index => KeyValuePair.Create(index.Key, (JsonNode?)new JsonObject
            {
                ["data_type"] = index.Value,
                ["points"] = Points.Count(point => StandInFilter.Value(point.Payload, index.Key) is { ValueKind: not JsonValueKind.Null }),
            }))),
            ["update_queue"] = new JsonObject { ["length"] = 0 },
        };
    }

    public void Patch(JsonElement change)
    {
        foreach (var part in change.EnumerateObject())
        {
            if (part.Name is not "metadata")
                throw StandInFailure.NotPlayed($"a change of {part.Name}");
            var notes = (_config["metadata"] ??= new JsonObject()).AsObject();
            foreach (var note in part.Value.EnumerateObject())
                notes[note.Name] = StandInJson.Node(note.Value);
        }
    }

    public void Index(string field, JsonElement schema) =>
        _indexes[field] = schema.ValueKind == JsonValueKind.String && schema.GetString() is "keyword" or "integer" or "float" or "bool" or "datetime"
            ? schema.GetString()!
            : throw StandInFailure.Unreadable("data did not match any variant of untagged enum PayloadFieldSchema at line 1 column 45");

    /// <returns>The kind of a field's index; null where it has none.</returns>
    public string? IndexOf(string field) => _indexes.GetValueOrDefault(field);

    public void AddVector(string name, JsonElement config)
    {
        if (config.TryGetProperty("sparse", out var sparse))
        {
            var isIdf = HasIdf(sparse, "data did not match any variant of untagged enum VectorNameConfig");
            if (_sparse.TryGetValue(name, out var there) && there != isIdf)
                throw StandInFailure.WrongInput($"Sparse vector `{name}` already exists with a different configuration");
            _sparse[name] = isIdf;
        }
        else if (config.TryGetProperty("dense", out var dense))
        {
            var vector = ReadVector(name, dense, "VectorNameConfig");
            if (_vectors.TryGetValue(name, out var there) && there != vector)
                throw StandInFailure.WrongInput($"Vector `{name}` already exists with a different configuration");
            _vectors[name] = vector;
        }
        else
            throw StandInFailure.Unreadable("data did not match any variant of untagged enum VectorNameConfig");
    }

    /// <summary>Writes whole points; none if one is bad. Those that the conditions exclude are passed over.</summary>
    public void Upsert(JsonElement upsert)
    {
        var read = upsert.GetProperty("points").EnumerateArray().Select(ReadPoint).ToList();
        if (read.Count == 0)
            throw new StandInFailure(400, "Bad request: Empty update request");

        var mode = upsert.TryGetProperty("update_mode", out var given) ? given.GetString() : "upsert";
        JsonElement? filter = upsert.TryGetProperty("update_filter", out var condition) ? condition : null;
        foreach (var point in read)
        {
            // The filter is asked of stored points alone: an absent one is inserted, unless the mode says otherwise.
            if (_points.TryGetValue(point.Id, out var stored) ? mode != "insert_only" && StandInFilter.Matches(filter, stored) : mode != "update_only")
                _points[point.Id] = point;
        }
    }

    /// <summary>Sets fields of payloads and keeps the others.</summary>
    public void SetPayload(JsonElement fields, Func<StandInPoint, bool> isChosen)
    {
        foreach (var point in Points.Where(isChosen).ToList())
        {
            var payload = StandInJson.Node(point.Payload)!.AsObject();
            foreach (var field in fields.EnumerateObject())
                payload[field.Name] = StandInJson.Node(field.Value);
            _points[point.Id] = point with { Payload = JsonElement.Parse(payload.ToJsonString()) };
        }
    }

    /// <summary>Adds or replaces single vectors.</summary>
    public void Update(JsonElement points, JsonElement? updateFilter)
    {
        var changes = points.EnumerateArray().Select(ReadPoint).ToList();
        if (changes.Find(change => !_points.ContainsKey(change.Id)) is { } missing)
            throw new StandInFailure(404, $"Not found: No point with id {missing.Id} found");

        foreach (var change in changes)
        {
            var point = _points[change.Id];
            if (StandInFilter.Matches(updateFilter, point))
                _points[change.Id] = point with { Dense = Merged(point.Dense, change.Dense), Multi = Merged(point.Multi, change.Multi), Sparse = Merged(point.Sparse, change.Sparse) };
        }
    }

    public void DeleteVectors(IReadOnlyCollection<string> names, Func<StandInPoint, bool> isChosen)
    {
        foreach (var point in Points.Where(isChosen).ToList())
            _points[point.Id] = point with { Dense = Without(point.Dense), Multi = Without(point.Multi), Sparse = Without(point.Sparse) };

        Dictionary<string, T> Without<T>(IReadOnlyDictionary<string, T> vectors) => vectors.Where(vector => !names.Contains(vector.Key)).ToDictionary();
    }

    public void Delete(Func<StandInPoint, bool> isChosen)
    {
        foreach (var point in Points.Where(isChosen).ToList())
            _points.Remove(point.Id);
    }

    /// <summary>The number of the next write.</summary>
    public int NextOperation() => ++_operation;

    private StandInPoint ReadPoint(JsonElement json)
    {
        var id = StandInPoint.ReadId(json.GetProperty("id"));
        if (!json.TryGetProperty("vector", out var vectors))
            throw StandInFailure.Unreadable("missing field `vector`");

        var payload = json.TryGetProperty("payload", out var given) && given.ValueKind != JsonValueKind.Null ? given.Clone() : JsonElement.Parse("{}");
        if (payload.ValueKind != JsonValueKind.Object)
            throw StandInFailure.Unreadable("invalid type: sequence, expected a map");

        var dense = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        var multi = new SortedDictionary<string, float[][]>(StringComparer.Ordinal);
        var sparse = new SortedDictionary<string, SparseVector>(StringComparer.Ordinal);
        foreach (var (name, value) in vectors.ValueKind == JsonValueKind.Object && !vectors.TryGetProperty("model", out _)
            ? vectors.EnumerateObject().Select(vector => (vector.Name, vector.Value))
            : [("", vectors)])
        {
            if (_sparse.ContainsKey(name))
                sparse[name] = StandInQuestion.Read(value, isDocument: true).Sparse ?? throw Unlike();
            else if (Vector(name).IsMulti)
                multi[name] = ReadRows(Vector(name), value);
            else
                dense[name] = ReadDense(Vector(name), value);
        }
        return new StandInPoint(id, payload, dense, multi, sparse);
    }

    private static float[][] ReadRows(StandInVector vector, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
            throw StandInFailure.Invalid("points[0].vector.?.vector: dense vector must not be empty");

        var question = StandInQuestion.Read(value, isDocument: true);
        var rows = question.Rows ?? [question.Dense ?? throw Unlike()];
        return rows[0].Length == vector.Size
            ? [.. rows.Select(vector.Keep)]
            : throw StandInFailure.WrongInput($"Vector dimension error: expected dim: {vector.Size}, got {rows[0].Length} for vector '{vector.Name}'");
    }

    private static float[] ReadDense(StandInVector vector, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
            throw StandInFailure.Invalid("points[0].vector.?.vector: dense vector must not be empty");
        if (value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            throw StandInFailure.Unreadable("data did not match any variant of untagged enum VectorStruct");

        var question = StandInQuestion.Read(value, isDocument: true);
        if (question.Rows is not null)
            throw StandInFailure.WrongInput("Conversion between multi and regular vectors failed");
        var numbers = question.Dense ?? throw Unlike();
        return numbers.Length == vector.Size
            ? vector.Keep(numbers)
            : throw StandInFailure.WrongInput($"Vector dimension error: expected dim: {vector.Size}, got {numbers.Length} for vector '{vector.Name}'");
    }

    private static StandInFailure Unlike() => StandInFailure.WrongInput("Conversion between sparse and regular vectors failed");

    private static SortedDictionary<string, T> Merged<T>(IReadOnlyDictionary<string, T> old, IReadOnlyDictionary<string, T> added)
    {
        var merged = new SortedDictionary<string, T>(old.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in added)
            merged[name] = value;
        return merged;
    }

    private JsonObject Vectors()
    {
        if (_vectors.Count == 1 && _config["vectors"]?["size"] is JsonValue)
            return Vector(_vectors.Values.First());

        return new JsonObject(_vectors.Values.Select(vector => KeyValuePair.Create(vector.Name, (JsonNode?)Vector(vector))));
    }

    private static JsonObject Vector(StandInVector vector)
    {
        var config = new JsonObject { ["size"] = vector.Size, ["distance"] = vector.Distance };
        if (vector.IsMulti)
            config["multivector_config"] = new JsonObject { ["comparator"] = "max_sim" };
        return config;
    }

    private JsonNode Setting(string name, int otherwise) => _config[name]?.DeepClone() ?? otherwise;

    private static StandInVector ReadVector(string name, JsonElement config, string kind)
    {
        if (config.TryGetProperty("datatype", out _))
            throw StandInFailure.NotPlayed("other types than float32");
        if (config.TryGetProperty("multivector_config", out var multi) && multi.GetProperty("comparator").GetString() != "max_sim")
            throw StandInFailure.NotPlayed("other comparators than max_sim");
        if (!config.TryGetProperty("size", out var size) || size.GetInt32() == 0
            || !config.TryGetProperty("distance", out var distance) || distance.GetString() is not ("Cosine" or "Dot" or "Euclid" or "Manhattan"))
            throw StandInFailure.Unreadable($"data did not match any variant of untagged enum {kind}");
        if (size.GetInt32() > 65536)
            throw StandInFailure.Invalid($"vectors.size: value {size} invalid, must be from 1 to 65536");

        return StandInVector.Read(name, config);
    }

    private static IEnumerable<(string Name, JsonElement Config)> Named(JsonElement vectors) =>
        vectors.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Object)
            ? vectors.EnumerateObject().Select(vector => (vector.Name, vector.Value))
            : [("", vectors)];

    private static bool HasIdf(JsonElement sparse, string? refusal = null) => sparse.TryGetProperty("modifier", out var modifier) && modifier.GetString() switch
    {
        "idf" => true,
        "none" => false,
        var other => throw StandInFailure.Unreadable(refusal ?? $"unknown variant `{other}`, expected `none` or `idf` at line 1 column 44"),
    };
}
