using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace McpQdrant.Server.Mcp.Tools.Answers;

/// <summary>Metadata as a structured answer can carry them.</summary>
/// <remarks>
/// The SDK writes no deeper than 64 levels, and many readers stop there. Another program may have stored more, and one such memory
/// must not make every find fail that comes upon it. What is too deep is shown as the text of its JSON.
/// </remarks>
internal static class ShownMetadata
{
    /// <summary>The message around them takes five levels more.</summary>
    private const int MaxDepth = 58;

    public static JsonElement? Of(JsonElement? metadata) => metadata is { } value && IsTooDeep(value) ? Flatten(value) : metadata;

    private static bool IsTooDeep(JsonElement value)
    {
        var json = JsonMarshal.GetRawUtf8Value(value);
        if (json.Length <= 2 * MaxDepth)
            return false;

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.CurrentDepth >= MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return true;
        }
        return false;
    }

    private static JsonElement Flatten(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, value, depth: 1);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth > MaxDepth:
                writer.WriteStringValue(value.GetRawText());
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, depth + 1);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
