using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>How JSON for Qdrant is written and read.</summary>
internal static class QdrantJson
{
    /// <summary>Texts as they are: a body is no web page, and escapes would make it longer.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Deep enough for any payload: Qdrant takes 127 levels in a request, and an answer wraps them in a few more.</summary>
    public static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            write(writer);
        return buffer.WrittenMemory;
    }

    /// <returns>Undefined where there is no such part, or nothing that could have one.</returns>
    public static JsonElement Part(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var part) ? part : default;

    /// <returns>None where it is no object.</returns>
    public static JsonProperty[] Members(JsonElement json) => json.ValueKind == JsonValueKind.Object ? [.. json.EnumerateObject()] : [];
}

/// <summary>Filters on their way into a request: a caller's, and conditions of our own.</summary>
internal static class QdrantFilter
{
    public static void Write(Utf8JsonWriter writer, Filter? filter)
    {
        if (filter is null)
            return;

        writer.WritePropertyName("filter");
        filter.Json.WriteTo(writer);
    }

    /// <summary>Writes a condition: a field has this value.</summary>
    public static void WriteMatch(Utf8JsonWriter writer, string key, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteStartObject("match");
        writer.WriteString("value", value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes a condition: a field has one of these values.</summary>
    public static void WriteAny(Utf8JsonWriter writer, string key, IEnumerable<string> values)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteStartObject("match");
        writer.WriteStartArray("any");
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
