using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Core.Transfer;

/// <summary>The first line of a collection in a file of memories: what they are and where they come from.</summary>
/// <param name="Collection">The collection's name in the store.</param>
/// <param name="Model">The model that wrote it; null where that is not written down.</param>
/// <param name="Vector">The vector that the lines have, if they have one.</param>
/// <param name="Keywords">How the collection's words are counted; null where it has none.</param>
/// <param name="Memories">How many there were when the file was begun.</param>
public sealed record MemoryFileHeader(
    CollectionName Collection, EmbeddingIdentity? Model, VectorInfo? Vector, Bm25Options? Keywords, long Memories)
{
    public const string Format = "mcp-server-qdrant memories";

    /// <summary>Grows when older versions of this program would misread the file.</summary>
    public const int Version = 1;
}

/// <summary>Memories as JSON Lines: a header line for each collection, then a line for each memory.</summary>
/// <remarks>
/// The same memories give the same bytes, whichever store they come from: keys are sorted, numbers are spelled one way, and no line holds what
/// belongs to one store only, such as a revision.
/// </remarks>
public static class MemoryLines
{
    /// <summary>A text of the largest size may be six times as long in JSON.</summary>
    public const int MaxLineBytes = 16 * 1024 * 1024;

    /// <summary>Levels of metadata, as both stores take them, and the object around them.</summary>
    private const int MaxDepth = 130;

    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = MaxDepth };

    public static void Write(IBufferWriter<byte> output, MemoryFileHeader header, DateTimeOffset now)
    {
        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("format", MemoryFileHeader.Format);
            json.WriteNumber("version", MemoryFileHeader.Version);
            json.WriteString("collection", header.Collection.ToString());
            if (header.Model is { } model)
            {
                json.WriteStartObject("model");
                json.WriteString("provider", model.Provider);
                json.WriteString("name", model.Model);
                json.WriteNumber("dimensions", model.Dimensions);
                if (model.Prefixes.Length > 0)
                    json.WriteString("prefixes", model.Prefixes);
                json.WriteEndObject();
            }
            if (header.Vector is { } vector)
            {
                json.WriteStartObject("vector");
                json.WriteString("name", vector.Name);
                json.WriteNumber("size", vector.Size);
                json.WriteString("distance", vector.Distance.ToString());
                json.WriteEndObject();
            }
            if (header.Keywords is { } keywords)
            {
                json.WriteStartObject("bm25");
                json.WriteNumber("avg_len", keywords.AverageLength);
                json.WriteString("language", keywords.Language);
                json.WriteEndObject();
            }
            json.WriteNumber("memories", header.Memories);
            json.WriteString("exported", Rfc3339.Write(now));
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    public static void Write(IBufferWriter<byte> output, StoredMemory stored)
    {
        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            json.WriteStartObject();
            WriteFields(json, stored.Memory);
            if (stored.Others is { } others)
            {
                json.WritePropertyName("others");
                CanonicalJson.WriteTyped(json, others);
            }
            if (stored.Vector is SemanticVector.Embedded { Values: var values })
            {
                json.WriteStartArray("vector");
                foreach (var number in values.Span)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    /// <summary>Id, text, metadata, times and who wrote it, as every JSON of the command line names them.</summary>
    public static void WriteFields(Utf8JsonWriter json, Memory memory)
    {
        if (memory.Id.IsNumber)
            json.WriteNumber("id", memory.Id.Number);
        else
            json.WriteString("id", memory.Id.ToString());
        json.WriteString("text", memory.Text);
        if (memory.Metadata is { } metadata)
        {
            json.WritePropertyName("metadata");
            CanonicalJson.WriteTyped(json, metadata);
        }
        if ((memory.ChangedAt is null ? memory.StoredAt : memory.FirstStoredAt) is { } created)
            json.WriteString("created", Rfc3339.Write(created));
        if (memory.ChangedAt is { } updated)
            json.WriteString("updated", Rfc3339.Write(updated));
        if (memory.ExpiresAt is { } expires)
            json.WriteString("expires", Rfc3339.Write(expires));
        if (memory.By is { } by)
            json.WriteString("by", by);
        if (memory.RevisionNumber > 1)
            json.WriteNumber("revision", memory.RevisionNumber);
    }

    /// <summary>Reads one line of a file.</summary>
    /// <returns>Null for a blank line.</returns>
    public static ImportEntry? Read(Line line, string place)
    {
        if (!line.IsTooLong && line.IsBlank)
            return null;
        if (Parse(line, out var json) is { } problem)
            return new ImportEntry.Unreadable(place, problem);

        try
        {
            return Read(json, place);
        }
        catch (FieldException wrong)
        {
            return new ImportEntry.Unreadable(place, wrong.Message);
        }
    }

    /// <summary>Reads a line as JSON.</summary>
    /// <returns>Why it can't be read, without a capital and a full stop; null where it can.</returns>
    public static string? Parse(Line line, out JsonElement json)
    {
        json = default;
        if (line.IsTooLong)
            return $"the line is longer than {MaxLineBytes / 1024 / 1024} MiB";
        if (!UnicodeJson.IsValidUnicode(new ReadOnlySequence<byte>(line.Utf8)))
            return "the line holds bytes that are not UTF-8, or half of a character (such as \\ud800)";

        try
        {
            json = JsonElement.Parse(line.Utf8.Span, Deep);
            return null;
        }
        catch (JsonException wrong)
        {
            return $"the line is not JSON, or was cut off: {Shorten(wrong)}";
        }
    }

    private static ImportEntry Read(JsonElement json, string place)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FieldException("the line is no JSON object");
        if (json.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String && format.ValueEquals(MemoryFileHeader.Format))
            return new ImportEntry.Header(place, ReadHeader(json, place));

        var metadata = Optional(json, "metadata", JsonValueKind.Object, "an object");
        return new ImportEntry.Item(place, new ImportedMemory(Text(json), metadata)
        {
            Id = ReadId(json),
            Created = ReadTime(json, "created"),
            Updated = ReadTime(json, "updated"),
            Expires = ReadTime(json, "expires"),
            By = Optional(json, "by", JsonValueKind.String, "a text")?.GetString(),
            Revision = Optional(json, "revision", JsonValueKind.Number, "a number") is { } number
                ? number.TryGetInt32(out var revision) && revision > 0 ? revision : throw new FieldException("its 'revision' is not a whole number from 1 on")
                : null,
            Others = Optional(json, "others", JsonValueKind.Object, "an object"),
            Vector = ReadVector(json),
        });
    }

    /// <exception cref="MemoryException">What the lines below it mean, or where they belong, is not known then.</exception>
    private static MemoryFileHeader ReadHeader(JsonElement json, string place)
    {
        var version = json.TryGetProperty("version", out var written) && written.ValueKind == JsonValueKind.Number && written.TryGetInt32(out var number) ? number : 0;
        if (version != MemoryFileHeader.Version)
            throw new MemoryException($"The file has format {version} of its kind, and this program reads format {MemoryFileHeader.Version}. Use the version that wrote it, or a newer one.");
        if (TextOf(json, "collection") is not { } name)
            throw new MemoryException($"The header of the file ({place}) names no collection. Export it again, or remove that line and name a collection with --collection.");

        var (model, vector) = (Object(json, "model"), Object(json, "vector"));
        return new MemoryFileHeader(
            CollectionName.Parse(name),
            model is { } made ? new EmbeddingIdentity(TextOf(made, "provider") ?? "", TextOf(made, "name") ?? "", Integer(made, "dimensions"), TextOf(made, "prefixes") ?? "") : null,
            vector is { } of ? new VectorInfo(TextOf(of, "name") ?? "", Integer(of, "size"), Enum.TryParse<Distance>(TextOf(of, "distance"), out var distance) ? distance : Distance.Cosine) : null,
            Keywords: null,
            Integer(json, "memories"));
    }

    private static string Text(JsonElement json) =>
        Optional(json, "text", JsonValueKind.String, "a text") is { } text ? text.GetString()! : throw new FieldException("the line has no field 'text'");

    private static MemoryId? ReadId(JsonElement json)
    {
        if (!json.TryGetProperty("id", out var id) || id.ValueKind == JsonValueKind.Null)
            return null;
        if (id.ValueKind == JsonValueKind.Number && id.TryGetUInt64(out var number))
            return new MemoryId(number);
        return id.ValueKind == JsonValueKind.String && MemoryId.TryParse(id.GetString(), out var parsed)
            ? parsed
            : throw new FieldException("its 'id' is neither a UUID nor a whole number");
    }

    private static DateTimeOffset? ReadTime(JsonElement json, string name)
    {
        if (Optional(json, name, JsonValueKind.String, "a time") is not { } text)
            return null;
        return DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : throw new FieldException($"its '{name}' is no time; write it as 2026-01-31T12:00:00Z");
    }

    private static float[]? ReadVector(JsonElement json)
    {
        if (Optional(json, "vector", JsonValueKind.Array, "an array of numbers") is not { } array)
            return null;

        var values = new float[array.GetArrayLength()];
        var at = 0;
        foreach (var number in array.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out values[at++]) || !float.IsFinite(values[at - 1]))
                throw new FieldException("its 'vector' is not an array of finite numbers");
        }
        return values;
    }

    private static JsonElement? Optional(JsonElement json, string name, JsonValueKind kind, string wanted)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == kind ? value : throw new FieldException($"its '{name}' is not {wanted}");
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int Integer(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    private static JsonElement? Object(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>Line and byte in the parser's words count from the line's own start, which misleads.</summary>
    private static string Shorten(JsonException wrong) => wrong.Message.Split(" LineNumber:")[0].TrimEnd('.');

    private sealed class FieldException(string message) : Exception(message);
}
