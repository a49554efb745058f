using System.Buffers;
using System.Text.Json;

namespace McpQdrant.Core.Json;

/// <summary>Sets fields of a JSON object, removes those that are null, and keeps the rest: RFC 7396 at the first level.</summary>
/// <remarks>A key may come twice, from a careless caller or another program; the last one counts, as it does in Qdrant.</remarks>
public static class MetadataMerge
{
    /// <summary>What other programs store may be deeper than the 64 levels at which a parser stops.</summary>
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 1024 };

    public static JsonElement? Of(JsonElement? old, JsonElement? changes)
    {
        if (changes is not { } given)
            return old;

        var merged = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (old is { } known)
        {
            foreach (var field in known.EnumerateObject())
                merged[field.Name] = field.Value;
        }
        foreach (var field in given.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                merged.Remove(field.Name);
            else
                merged[field.Name] = field.Value;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in merged)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan, AnyDepth);
    }
}
