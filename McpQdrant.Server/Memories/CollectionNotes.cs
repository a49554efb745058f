using System.Buffers;
using System.Text.Json;

namespace McpQdrant.Server.Memories;

/// <summary>What this server writes into a collection's own metadata: which model wrote it, and how its words are counted.</summary>
/// <param name="Model">The model whose vectors the collection holds; its provider is for the reader, not for comparing.</param>
/// <param name="Keywords">The BM25 options that every writer and reader must repeat; null where the collection has no keywords.</param>
internal sealed record CollectionNotes(EmbeddingIdentity Model, Bm25Options? Keywords)
{
    /// <summary>The key that is ours among the notes of a collection.</summary>
    public const string Key = "mcp-server-qdrant";

    /// <summary>The key of the name of a vector that is being added: until every memory has it, nobody is to search by it. Empty for none.</summary>
    public const string FillingKey = "mcp-server-qdrant-filling";

    /// <returns>Null where the collection has no notes of ours, or none that can be read.</returns>
    public static CollectionNotes? Read(IReadOnlyDictionary<string, JsonElement> notes)
    {
        if (!notes.TryGetValue(Key, out var ours) || ours.ValueKind != JsonValueKind.Object
            || Text(ours, "model") is not { } model || Number(ours, "dimensions") is not { } dimensions)
            return null;

        var identity = new EmbeddingIdentity(Text(ours, "provider") ?? "", model, (int)dimensions, Text(ours, "prefixes") ?? "");
        var keywords = ours.TryGetProperty("bm25", out var bm25) && bm25.ValueKind == JsonValueKind.Object
            && Number(bm25, "avg_len") is { } averageLength && Text(bm25, "language") is { } language
                ? new Bm25Options(averageLength, language)
                : null;
        return new CollectionNotes(identity, keywords);
    }

    /// <returns>The vector that is being added to a collection; null for none.</returns>
    public static string? Filling(IReadOnlyDictionary<string, JsonElement> notes) =>
        notes.TryGetValue(FillingKey, out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } filling ? filling : null;

    /// <summary>The value that belongs under <see cref="FillingKey"/>.</summary>
    public static JsonElement FillingValue(string? name) => JsonElement.Parse($"\"{JsonEncodedText.Encode(name ?? "")}\"");

    /// <summary>The value that belongs under <see cref="Key"/>.</summary>
    public JsonElement ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("provider", Model.Provider);
            writer.WriteString("model", Model.Model);
            writer.WriteNumber("dimensions", Model.Dimensions);
            if (Model.Prefixes.Length > 0)
                writer.WriteString("prefixes", Model.Prefixes);
            if (Keywords is not null)
            {
                writer.WriteStartObject("bm25");
                writer.WriteNumber("avg_len", Keywords.AverageLength);
                writer.WriteString("language", Keywords.Language);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
