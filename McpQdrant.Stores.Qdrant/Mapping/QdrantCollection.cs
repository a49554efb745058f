using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using static McpQdrant.Stores.Qdrant.Mapping.QdrantJson;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>A collection on the wire: its description, and the body that makes one.</summary>
internal static class QdrantCollection
{
    /// <summary>Reads a description. Vectors come as <c>{size, distance}</c> for one without a name, else as a map of names.</summary>
    /// <remarks>A vector of a form that isn't known here (a newer Qdrant's, another program's) is left out: the collection is usable by its others, or refused in a sentence.</remarks>
    public static CollectionInfo Read(CollectionName name, JsonElement description, IReadOnlyList<JsonElement> samples)
    {
        if (!description.TryGetProperty("config", out _) && !description.TryGetProperty("points_count", out _))
            throw new FormatException("This describes no collection.");

        var config = Part(description, "config");
        var parameters = Part(config, "params");
        return new CollectionInfo
        {
            Name = name,
            Points = Part(description, "points_count") is { ValueKind: JsonValueKind.Number } points && points.TryGetInt64(out var count) ? count : 0,
            Vectors = Vectors(Part(parameters, "vectors")),
            SparseVectors = Members(Part(parameters, "sparse_vectors")).Select(vector => vector.Name).ToList(),
            Metadata = Members(Part(config, "metadata")).GroupBy(note => note.Name).ToDictionary(notes => notes.Key, notes => notes.Last().Value),
            Expires = Part(Part(description, "payload_schema"), CollectionLayout.ExpiresAtField).ValueKind == JsonValueKind.Object,
            Samples = samples,
        };
    }

    public static void WriteNew(Utf8JsonWriter writer, CollectionSpec spec, QdrantOptions options, bool withKeywords)
    {
        writer.WriteStartObject("vectors");
        WriteVector(writer, new VectorInfo(spec.Model.VectorName, spec.Model.Dimensions, Distance.Cosine), options.OnDisk);
        WriteVector(writer, PassagesOf(spec.Model), options.OnDisk);
        writer.WriteEndObject();
        if (withKeywords)
        {
            writer.WriteStartObject("sparse_vectors");
            writer.WritePropertyName(CollectionLayout.KeywordVectorName);
            WriteSparse(writer);
            writer.WriteEndObject();
        }
        WriteShards(writer, options);
        if (options.Quantization != QuantizationKind.None)
        {
            writer.WritePropertyName("quantization_config");
            writer.WriteRawValue(options.Quantization == QuantizationKind.Scalar
                ? """{"scalar":{"type":"int8","always_ram":true}}"""u8
                : """{"binary":{"always_ram":true}}"""u8);
        }
        WriteNote(writer, CollectionMetadata.Key, new CollectionMetadata(spec.Model, withKeywords ? spec.Keywords : null).ToJson());
    }

    /// <summary>Over how many nodes the collection is spread, as far as somebody has set it.</summary>
    public static void WriteShards(Utf8JsonWriter writer, QdrantOptions options)
    {
        if (options.ShardNumber is { } shards)
            writer.WriteNumber("shard_number", shards);
        if (options.ReplicationFactor is { } copies)
            writer.WriteNumber("replication_factor", copies);
        if (options.WriteConsistency is { } needed)
            writer.WriteNumber("write_consistency_factor", needed);
    }

    /// <summary>The vector of a model's passages.</summary>
    public static VectorInfo PassagesOf(EmbeddingIdentity model) => new(model.PassageVectorName, model.Dimensions, Distance.Cosine, IsMultivector: true);

    public static void WriteNote(Utf8JsonWriter writer, string key, JsonElement value)
    {
        writer.WriteStartObject("metadata");
        writer.WritePropertyName(key);
        value.WriteTo(writer);
        writer.WriteEndObject();
    }

    public static void WriteVector(Utf8JsonWriter writer, VectorInfo vector, bool? onDisk)
    {
        writer.WriteStartObject(vector.Name);
        writer.WriteNumber("size", vector.Size);
        writer.WriteString("distance", Spell(vector.Distance));
        if (onDisk is { } choice)
            writer.WriteBoolean("on_disk", choice);
        if (vector.IsMultivector)
        {
            writer.WriteStartObject("multivector_config");
            writer.WriteString("comparator", "max_sim");
            writer.WriteEndObject();
        }
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
        Part(vectors, "size").ValueKind == JsonValueKind.Number
            ? [.. Vector("", vectors)]
            : [.. Members(vectors).SelectMany(vector => Vector(vector.Name, vector.Value))];

    /// <returns>None for a vector of an unknown form.</returns>
    private static IEnumerable<VectorInfo> Vector(string name, JsonElement vector) =>
        Part(vector, "size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt32(out var numbers)
        && Part(vector, "distance") is { ValueKind: JsonValueKind.String } spelt && Enum.TryParse<Distance>(spelt.GetString(), out var distance)
            ? [new VectorInfo(name, numbers, distance, Part(vector, "multivector_config").ValueKind == JsonValueKind.Object)]
            : [];
}
