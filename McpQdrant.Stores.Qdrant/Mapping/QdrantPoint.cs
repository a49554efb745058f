using System.Globalization;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Keywords;
using static McpQdrant.Stores.Qdrant.Mapping.QdrantJson;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>The parts of a point on the wire: ids, vectors, texts that the server turns into vectors.</summary>
internal static class QdrantPoint
{
    /// <summary>The model that Qdrant itself has for weights of words, since 1.16.</summary>
    private const string Bm25Model = "qdrant/bm25";

    public static void WriteId(Utf8JsonWriter writer, MemoryId id)
    {
        if (id.IsNumber)
            writer.WriteNumberValue(id.Number);
        else
            writer.WriteStringValue(id.Uuid);
    }

    public static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<MemoryId> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids)
            WriteId(writer, id);
        writer.WriteEndArray();
    }

    public static MemoryId ReadId(JsonElement id) =>
        id.ValueKind == JsonValueKind.Number ? new MemoryId(id.GetUInt64()) : new MemoryId(id.GetGuid());

    /// <summary>A memory with its vectors and payload, as an upsert takes it.</summary>
    /// <param name="revision">Its new revision.</param>
    /// <param name="otherVectors">What else its point is to have; see <see cref="OtherVectors"/>.</param>
    public static void Write(
        Utf8JsonWriter writer, CollectionLayout collection, StoredMemory stored, MemoryRevision revision, IReadOnlyList<JsonProperty>? otherVectors = null)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("id");
        WriteId(writer, stored.Memory.Id);
        writer.WritePropertyName("vector");
        if (collection is { VectorName: "", Keywords: null, PassageVectorName: null } && stored.Vector is { } lone)
            WriteVector(writer, lone);
        else
            WriteNamedVectors(writer, collection, stored, otherVectors ?? []);
        writer.WritePropertyName("payload");
        QdrantPayload.Write(writer, collection, stored.Memory, revision, stored.Others);
        writer.WriteEndObject();
    }

    /// <summary>The vectors of a point that this server doesn't write, as far as they still fit it.</summary>
    /// <param name="text">The new text. If it is another one, what other models made of the old one is left out.</param>
    public static IReadOnlyList<JsonProperty> OtherVectors(JsonElement point, CollectionLayout collection, string text)
    {
        if (Part(point, "vector") is not { ValueKind: JsonValueKind.Object } vectors)
            return [];

        var isSameText = Read(point, collection).Text == text;
        return [.. vectors.EnumerateObject().Where(vector =>
            vector.Name != collection.VectorName && vector.Name != CollectionLayout.KeywordVectorName && vector.Name != collection.PassageVectorName
            && (isSameText || !vector.Name.StartsWith(EmbeddingIdentity.VectorNamePrefix, StringComparison.Ordinal)))];
    }

    /// <exception cref="MemoryException">A number of it isn't finite: Qdrant would take 1e39 for infinity and find the memory everywhere.</exception>
    public static void WriteVector(Utf8JsonWriter writer, SemanticVector vector)
    {
        switch (vector)
        {
            case SemanticVector.Embedded embedded:
                writer.WriteStartArray();
                foreach (var number in embedded.Values.Span)
                    writer.WriteNumberValue(Finite(number));
                writer.WriteEndArray();
                break;
            case SemanticVector.Inferred inferred:
                writer.WriteStartObject();
                writer.WriteString("text", inferred.Text);
                writer.WriteString("model", inferred.Model);
                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>The keywords of a memory's text.</summary>
    public static void WriteKeywords(Utf8JsonWriter writer, string text, Bm25Options options) => WriteWords(writer, KeywordText.Of(text), options);

    /// <summary>The keywords of a question.</summary>
    public static void WriteAskedKeywords(Utf8JsonWriter writer, string question, Bm25Options options) =>
        WriteWords(writer, KeywordText.OfQuestion(question, options.HasPairs), options);

    /// <summary>A text whose words the server weighs. The options aren't kept in the collection, so they go along each time.</summary>
    private static void WriteWords(Utf8JsonWriter writer, string text, Bm25Options options)
    {
        writer.WriteStartObject();
        writer.WriteString("text", text);
        writer.WriteString("model", Bm25Model);
        writer.WriteStartObject("options");
        writer.WriteNumber("avg_len", options.AverageLength);
        writer.WriteString("language", options.Language);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static Memory Read(JsonElement point, CollectionLayout collection) =>
        QdrantPayload.Read(ReadId(point.GetProperty("id")), Part(point, "payload"), collection);

    public static MemoryId ReadPointId(JsonElement point) => ReadId(point.GetProperty("id"));

    /// <inheritdoc cref="QdrantPayload.ReadTextField"/>
    public static (string? Field, string? Text) ReadText(JsonElement point, CollectionLayout collection) => QdrantPayload.ReadTextField(Part(point, "payload"), collection);

    /// <inheritdoc cref="QdrantPayload.ReadRevision"/>
    public static MemoryRevision? ReadRevision(JsonElement point) => QdrantPayload.ReadRevision(Part(point, "payload"));

    /// <summary>With the vector that came along, and with what other programs keep there.</summary>
    public static StoredMemory ReadStored(JsonElement point, CollectionLayout collection) =>
        new(Read(point, collection), ReadVector(point, collection)) { Others = QdrantPayload.ReadOthers(Part(point, "payload"), collection) };

    /// <returns>Null for a point without this vector, or with one that somebody else stored with an infinite number (which comes as null).</returns>
    public static SemanticVector.Embedded? ReadVector(JsonElement point, CollectionLayout collection)
    {
        var vector = Part(point, "vector");
        if (vector.ValueKind == JsonValueKind.Object)
            vector = Part(vector, collection.VectorName);
        if (vector.ValueKind != JsonValueKind.Array)
            return null;

        var values = new float[vector.GetArrayLength()];
        var at = 0;
        foreach (var number in vector.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number)
                return null;
            values[at++] = number.GetSingle();
        }
        return new SemanticVector.Embedded(values);
    }

    private static void WriteNamedVectors(
        Utf8JsonWriter writer, CollectionLayout collection, StoredMemory stored, IReadOnlyList<JsonProperty> others)
    {
        writer.WriteStartObject();
        if (stored.Vector is { } vector)
        {
            writer.WritePropertyName(collection.VectorName);
            WriteVector(writer, vector);
        }
        if (collection.Keywords is { } keywords)
        {
            writer.WritePropertyName(CollectionLayout.KeywordVectorName);
            WriteKeywords(writer, stored.Memory.Text, keywords);
        }
        if (collection.PassageVectorName is { } passages && stored.Passages.Count > 0)
        {
            writer.WritePropertyName(passages);
            WriteRows(writer, stored.Passages);
        }
        foreach (var other in others)
            other.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>The rows of a multivector. Qdrant takes two rows of whole numbers for a sparse vector, unless they have a point.</summary>
    /// <exception cref="MemoryException">A number isn't finite.</exception>
    public static void WriteRows(Utf8JsonWriter writer, IReadOnlyList<SemanticVector> vectors)
    {
        writer.WriteStartArray();
        foreach (var vector in vectors.Cast<SemanticVector.Embedded>())
        {
            writer.WriteStartArray();
            foreach (var number in vector.Values.Span)
            {
                if (Finite(number) == MathF.Truncate(number) && Math.Abs(number) < 1e6f)
                    writer.WriteRawValue(number.ToString("F1", CultureInfo.InvariantCulture));
                else
                    writer.WriteNumberValue(number);
            }
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static float Finite(float number) => float.IsFinite(number)
        ? number
        : throw new MemoryException("The embedding model made a vector with a number that isn't finite. Check the model; nothing was sent.");
}
