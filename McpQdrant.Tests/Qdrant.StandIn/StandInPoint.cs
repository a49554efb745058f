using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Memories;

namespace McpQdrant.Tests.Qdrant;

/// <summary>A stored point.</summary>
/// <param name="Payload">An object.</param>
/// <param name="Dense">By name; the empty name is the unnamed vector.</param>
/// <param name="Multi">The rows of multivectors.</param>
internal sealed record StandInPoint(
    MemoryId Id, JsonElement Payload, IReadOnlyDictionary<string, float[]> Dense, IReadOnlyDictionary<string, float[][]> Multi, IReadOnlyDictionary<string, SparseVector> Sparse)
{
    public bool HasVector(string name) => Dense.ContainsKey(name) || Multi.ContainsKey(name) || Sparse.ContainsKey(name);

    /// <summary>Ids as Qdrant reads them: whole numbers that are no text, and UUIDs in several spellings.</summary>
    public static MemoryId ReadId(JsonElement id, string suffix = "")
    {
        if (id.ValueKind == JsonValueKind.Number && id.TryGetUInt64(out var number) && !id.GetRawText().Contains('.'))
            return new MemoryId(number);
        if (id.ValueKind == JsonValueKind.String && MemoryId.TryParse(id.GetString(), out var parsed) && !parsed.IsNumber)
            return parsed;

        var spelled = id.ValueKind switch
        {
            // Integers beyond 64 bits have become floats by then, which are written with as many digits as tell them apart.
            JsonValueKind.Number when id.GetDouble() is >= ulong.MaxValue and < 1e28 and var large => $"{decimal.Parse($"{large:R}", NumberStyles.Float, CultureInfo.InvariantCulture):F0}",
            JsonValueKind.Number => id.GetRawText().EndsWith(".0", StringComparison.Ordinal) ? id.GetRawText()[..^2] : id.GetRawText(),
            JsonValueKind.Null => "Unit",
            _ => id.ToString(),
        };
        throw StandInFailure.Unreadable($"value {spelled} is not a valid point ID, valid values are either an unsigned integer or a UUID{suffix}");
    }

    public static JsonNode WriteId(MemoryId id) => id.IsNumber ? JsonValue.Create(id.Number) : JsonValue.Create(id.ToString());

    public JsonObject ToJson(JsonElement? withPayload, JsonElement? withVector)
    {
        var json = new JsonObject { ["id"] = WriteId(Id) };
        if (Selected(withPayload) is { } payload)
            json["payload"] = payload;
        if (withVector is { ValueKind: JsonValueKind.True })
            json["vector"] = Vectors(_ => true);
        if (withVector is { ValueKind: JsonValueKind.Array } names)
            json["vector"] = Vectors(name => names.EnumerateArray().Any(wanted => wanted.ValueEquals(name)));
        return json;
    }

    private JsonNode Vectors(Func<string, bool> isWanted)
    {
        if (Sparse.Count == 0 && Multi.Count == 0 && Dense.Count == 1 && Dense.TryGetValue("", out var lone))
            return Numbers(lone);

        var vectors = new JsonObject();
        foreach (var (name, values) in Dense.Where(vector => isWanted(vector.Key)))
            vectors[name] = Numbers(values);
        foreach (var (name, rows) in Multi.Where(vector => isWanted(vector.Key)))
            vectors[name] = new JsonArray([.. rows.Select(row => (JsonNode)Numbers(row))]);
        foreach (var (name, sparse) in Sparse.Where(vector => isWanted(vector.Key)))
            vectors[name] = new JsonObject
            {
                ["indices"] = new JsonArray([.. sparse.Indices.Select(index => (JsonNode)index)]),
                ["values"] = Numbers(sparse.Values),
            };
        return vectors;
    }

    private static JsonArray Numbers(IEnumerable<float> values) =>
        new([.. values.Select(value => float.IsFinite(value) ? (JsonNode)value : null)]);

    private JsonNode? Selected(JsonElement? with) => with?.ValueKind switch
    {
        JsonValueKind.True => StandInJson.Node(Payload),
        JsonValueKind.Array => Fields(with.Value.EnumerateArray().Select(path => path.GetString()!.Split('.'))),
        JsonValueKind.Object => throw StandInFailure.NotPlayed("payloads less some fields"),
        _ => null,
    };

    private JsonObject Fields(IEnumerable<string[]> paths)
    {
        var chosen = new JsonObject();
        foreach (var path in paths)
        {
            var (from, to) = (Payload, chosen);
            foreach (var key in path[..^1])
            {
                if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(key, out from))
                    break;
                to = (to[key] ??= new JsonObject()).AsObject();
            }
            if (from.ValueKind == JsonValueKind.Object && from.TryGetProperty(path[^1], out var value))
                to[path[^1]] = StandInJson.Node(value);
        }
        return chosen;
    }
}
