using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>Fields of other programs' objects.</summary>
internal static class Fields
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null where there is no such field, or a null.</returns>
    public static JsonElement? Find(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <returns>Null where there is no such field, or no text in it.</returns>
    public static string? TextOf(JsonElement json, string name) => Find(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <returns>Null where there is none, or one that can't be read: a time is not worth losing a memory.</returns>
    public static DateTimeOffset? TimeOf(JsonElement json, string name) => Find(json, name) is { } value ? TimeOf(value) : null;

    /// <summary>A time as programs write it: as ISO 8601, or in seconds or milliseconds since 1970.</summary>
    public static DateTimeOffset? TimeOf(JsonElement value)
    {
        // Beyond the year 5138 as seconds: milliseconds.
        const double FirstMilliseconds = 1e11;
        const double End = 253_402_300_800_000;
        if (value.ValueKind == JsonValueKind.String)
            return DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || number <= 0)
            return null;

        var milliseconds = number < FirstMilliseconds ? number * 1000 : number;
        return milliseconds < End ? DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(milliseconds)) : null;
    }

    /// <returns>Null where there is none, or one that no store takes.</returns>
    public static MemoryId? IdOf(JsonElement json, string name) => Find(json, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetUInt64(out var id) => new MemoryId(id),
        { ValueKind: JsonValueKind.String } text when MemoryId.TryParse(text.GetString(), out var id) => id,
        _ => null,
    };

    /// <summary>An object of what is written.</summary>
    public static JsonElement Object(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = 1024 });
    }

    /// <summary>Writes fields of an object that are there, under their own names.</summary>
    public static void Copy(Utf8JsonWriter writer, JsonElement from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(from, name) is not { } value)
                continue;
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}

/// <summary>A field is not what it has to be.</summary>
/// <param name="message">A sentence without a capital and a full stop.</param>
internal sealed class FieldException(string message) : Exception(message);
