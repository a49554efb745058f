using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>A collection on the wire: its description, and the body that makes one.</summary>
internal static class QdrantCollection
{
    /// <summary>Reads a description. Vectors come as <c>{size, distance}</c> for one without a name, else as a map of names.</summary>
    public static CollectionInfo Read(CollectionName name, JsonElement description, IReadOnlyList<JsonElement> samples)
    {
        var config = description.GetProperty("config");
        var parameters = config.GetProperty("params");
        return new CollectionInfo
        {
            Name = name,
            Points = description.TryGetProperty("points_count", out var points) && points.ValueKind == JsonValueKind.Number ? points.GetInt64() : 0,
            Vectors = parameters.TryGetProperty("vectors", out var vectors) ? Vectors(vectors) : [],
            SparseVectors = Members(parameters, "sparse_vectors").Select(vector => vector.Name).ToList(),
            Metadata = Members(config, "metadata").ToDictionary(note => note.Name, note => note.Value),
            Samples = samples,
        };
    }

    public static void WriteNew(Utf8JsonWriter writer, CollectionSpec spec, QdrantOptions options, bool withKeywords)
    {
        writer.WriteStartObject("vectors");
        WriteVector(writer, new VectorInfo(spec.Model.VectorName, spec.Model.Dimensions, Distance.Cosine), options.OnDisk);
        writer.WriteEndObject();
        if (withKeywords)
        {
            writer.WriteStartObject("sparse_vectors");
            writer.WritePropertyName(CollectionLayout.KeywordVectorName);
            WriteSparse(writer);
            writer.WriteEndObject();
        }
        if (options.ShardNumber is { } shards)
            writer.WriteNumber("shard_number", shards);
        if (options.ReplicationFactor is { } copies)
            writer.WriteNumber("replication_factor", copies);
        if (options.Quantization != QuantizationKind.None)
        {
            writer.WritePropertyName("quantization_config");
            writer.WriteRawValue(options.Quantization == QuantizationKind.Scalar
                ? """{"scalar":{"type":"int8","always_ram":true}}"""u8
                : """{"binary":{"always_ram":true}}"""u8);
        }
        WriteNote(writer, CollectionMetadata.Key, new CollectionMetadata(spec.Model, withKeywords ? spec.Keywords : null).ToJson());
    }

    public static void WriteNote(Utf8JsonWriter writer, string key, JsonElement value)
    {
        writer.WriteStartObject("metadata");
        writer.WritePropertyName(key);
        value.WriteTo(writer);
        writer.WriteEndObject();
    }

    public static void WriteVector(Utf8JsonWriter writer, VectorInfo vector, bool onDisk)
    {
        writer.WriteStartObject(vector.Name);
        writer.WriteNumber("size", vector.Size);
        writer.WriteString("distance", Spell(vector.Distance));
        if (onDisk)
            writer.WriteBoolean("on_disk", true);
        writer.WriteEndObject();
    }

    /// <summary>Weights of words are multiplied by how rare a word is; without that modifier the ranking is much worse.</summary>
    public static void WriteSparse(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("modifier", "idf");
        writer.WriteEndObject();
    }

    public static string Spell(FieldType type) => type switch
    {
        FieldType.Keyword => "keyword",
        FieldType.Integer => "integer",
        FieldType.Float => "float",
        FieldType.Boolean => "bool",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static string Spell(Distance distance) => distance switch
    {
        Distance.Cosine => "Cosine",
        Distance.Dot => "Dot",
        Distance.Euclid => "Euclid",
        Distance.Manhattan => "Manhattan",
        _ => throw new ArgumentOutOfRangeException(nameof(distance)),
    };

    private static IReadOnlyList<VectorInfo> Vectors(JsonElement vectors) =>
        vectors.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number
            ? [Vector("", vectors)]
            : [.. vectors.EnumerateObject().Select(vector => Vector(vector.Name, vector.Value))];

    private static VectorInfo Vector(string name, JsonElement vector) => new(
        name,
        vector.GetProperty("size").GetInt32(),
        Enum.Parse<Distance>(vector.GetProperty("distance").GetString()!),
        vector.TryGetProperty("multivector_config", out var rows) && rows.ValueKind == JsonValueKind.Object);

    private static JsonProperty[] Members(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? [.. value.EnumerateObject()] : [];
}
