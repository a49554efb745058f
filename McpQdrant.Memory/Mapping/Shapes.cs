using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Memories.Mapping;

/// <summary>What the core has as what the public API has, and back.</summary>
internal static class Shapes
{
    /// <summary>Levels that metadata may have, as both stores take them.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    public static Memory ToPublic(this Core.Memories.Memory memory, CollectionName collection) => new()
    {
        Id = memory.Id.ToString(),
        Collection = collection.ToString(),
        Text = memory.Text,
        Metadata = memory.Metadata is { ValueKind: JsonValueKind.Object } metadata ? JsonObject.Create(metadata) : null,
        StoredAt = memory.FirstStoredAt,
        ChangedAt = memory.ChangedAt,
        ExpiresAt = memory.ExpiresAt,
        By = memory.By,
    };

    public static MemoryChange ToPublic(this Change change, CollectionName collection) => new()
    {
        Change = change.Origin.Id.ToString(),
        At = change.Origin.At,
        By = change.Origin.By,
        MemoryId = change.Memory.ToString(),
        Kind = change.Before is null ? MemoryChangeKind.Created : change.After is null ? MemoryChangeKind.Deleted : MemoryChangeKind.Updated,
        Before = change.Before?.Memory.ToPublic(collection),
    };

    public static JsonElement? ToElement(JsonObject? json)
    {
        if (json is null)
            return null;

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            json.WriteTo(writer);
        return JsonElement.Parse(buffer.WrittenSpan, Deep);
    }

    public static Filter? ToFilter(JsonObject? json) => ToElement(json) is { } element ? Filter.Parse(element) : null;

    public static string? ToText(DateTimeOffset? time) => time is { } at ? Rfc3339.Write(at) : null;

    /// <exception cref="MemoriesException">It is no id.</exception>
    public static MemoryId ToId(string id) => MemoryId.TryParse(id, out var parsed)
        ? parsed
        : throw new MemoriesException("This is no id of a memory: it is neither a UUID nor a number. Take it from what StoreAsync, FindAsync or ListAsync gave.");

    /// <exception cref="MemoriesException">It is no id.</exception>
    public static ChangeId ToChangeId(string id) => ChangeId.TryParse(id, out var parsed)
        ? parsed
        : throw new MemoriesException("This is no id of a change. Take it from what UpdateAsync, ForgetAsync or HistoryAsync gave.");
}
