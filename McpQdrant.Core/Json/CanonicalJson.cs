using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpQdrant.Core.Json;

/// <summary>One spelling for equal JSON: no blanks, keys in ordinal order.</summary>
/// <remarks>
/// RFC 8785 but for integers, which keep all their digits: as doubles 2^53 and 2^53 + 1 would be one number,
/// and the second memory would overwrite the first.
/// </remarks>
internal static class CanonicalJson
{
    public static string Of(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, value, isTyped: false);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Writes a value that somebody will read again: numbers with a fraction or an exponent keep one, since filters tell 1.0 from 1.</summary>
    public static void WriteTyped(Utf8JsonWriter writer, JsonElement value) => Write(writer, value, isTyped: true);

    private static void Write(Utf8JsonWriter writer, JsonElement value, bool isTyped)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value, isTyped);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item, isTyped);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(isTyped ? TypedNumber(value) : Number(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value, bool isTyped)
    {
        // A key twice: the last one counts, as it does in Qdrant.
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
            members[member.Name] = member.Value;

        writer.WriteStartObject();
        foreach (var (name, member) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, member, isTyped);
        }
        writer.WriteEndObject();
    }

    private static string Number(JsonElement value)
    {
        var raw = value.GetRawText();
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
            return raw == "-0" ? "0" : raw;

        var number = value.GetDouble();
        return double.IsFinite(number) ? (number == 0 ? "0" : number.ToString("R", CultureInfo.InvariantCulture)) : raw;
    }

    private static string TypedNumber(JsonElement value)
    {
        var raw = value.GetRawText();
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0 || value.GetDouble() is var number && !double.IsFinite(number))
            return raw;

        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? $"{text}.0" : text;
    }
}
