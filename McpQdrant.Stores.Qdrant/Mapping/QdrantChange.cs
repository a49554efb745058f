using System.Globalization;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>A line of the log of changes as a point, and what tells whether its change was made.</summary>
/// <param name="Written">The revision that the change writes; null for a deletion.</param>
/// <param name="Read">The revision that it takes the place of; null where there was no memory.</param>
internal sealed record QdrantChange(Change Change, MemoryRevision? Written, MemoryRevision? Read)
{
    /// <summary>A change has one line for each memory, so another attempt at it replaces the line of the first.</summary>
    private static readonly Guid Namespace = new("0b9f3a52-5c0e-5d0f-8a63-3f1f6a51c0de");

    /// <summary>All of a line but what the memory held.</summary>
    public static readonly IReadOnlyList<string> FieldsWithoutContent = ["change", "at", "by", "operation", "collection", "memory", "after", "written", "read"];

    public MemoryId LineId => MemoryId.OfName(Namespace, $"{Change.Origin.Id}\n{Change.Memory}");

    /// <summary>Whether the change was made, as far as what is there now tells; null where it doesn't.</summary>
    /// <param name="there">The revisions of the memories that are there.</param>
    public bool? WasMade(Dictionary<MemoryId, MemoryRevision?> there)
    {
        var isThere = there.TryGetValue(Change.Memory, out var now);
        if (Written is { } written)
            return isThere && QdrantRevision.WasWritten(written, now) ? true : null;

        // A deletion: whoever still has what it read was not deleted.
        return isThere && (Read is not { IsOfContent: false } read || QdrantRevision.WasWritten(read, now)) ? false : null;
    }

    /// <summary>Whether the change was made, where what is there now doesn't tell; null where nothing tells.</summary>
    /// <param name="lines">All lines of the memory, made or not.</param>
    public bool? WasMade(Dictionary<MemoryId, MemoryRevision?> there, IEnumerable<QdrantChange> lines)
    {
        MemoryRevision[] read = [.. lines.Where(line => line.Change.Memory == Change.Memory).Select(line => line.Read).OfType<MemoryRevision>()];
        // What was deleted was written no more.
        if (Written is not { } written)
            return Read is not { IsOfContent: false } deleted || !read.Any(later => later != deleted && QdrantRevision.WasWritten(deleted, later));
        if (read.Any(later => QdrantRevision.WasWritten(written, later)))
            return true;

        // Perhaps the memory was written so often since that it remembers no more; but if it remembers what this was to take the place of, another did.
        if (there.TryGetValue(Change.Memory, out var now))
            return now is { } revision && QdrantRevision.IsFull(revision) && (Read is not { } before || !QdrantRevision.WasWritten(before, revision)) ? null : false;
        // It is gone, and perhaps no line says by what; but where another change took the place of what this one was to take the place of, that one was made.
        return Read is { IsOfContent: false } replaced && lines.All(line => ReferenceEquals(line, this) || line.LineId == LineId || line.Change.Memory != Change.Memory || !QdrantRevision.WasWritten(replaced, line.Read))
            ? null
            : false;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("id");
        QdrantPoint.WriteId(writer, LineId);
        writer.WriteStartObject("vector");
        writer.WriteEndObject();
        writer.WriteStartObject("payload");
        writer.WriteString("change", Change.Origin.Id.ToString());
        writer.WriteString("at", Rfc3339.Write(Change.Origin.At));
        writer.WriteString("by", Change.Origin.By);
        writer.WriteString("operation", Change.Origin.Operation);
        writer.WriteString("collection", Change.Collection.Value);
        writer.WriteString("memory", Change.Memory.ToString());
        if (Change.After is { } after)
            writer.WriteString("after", after);
        if (Written is { } written)
            writer.WriteString("written", written.Value);
        if (Read is { } read)
            writer.WriteString("read", read.Value);
        if (Change.Before is { } before)
            WriteBefore(writer, before);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static QdrantChange ReadLine(JsonElement point)
    {
        var payload = point.GetProperty("payload");
        var id = MemoryId.TryParse(Text("memory"), out var memory) ? memory : default;
        var origin = new ChangeOrigin(
            ChangeId.TryParse(Text("change"), out var change) ? change : default, Text("by") ?? "", Text("operation") ?? "",
            DateTimeOffset.Parse(Text("at")!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));
        return new QdrantChange(
            new Change(origin, CollectionName.Parse(Text("collection")!), id, payload.TryGetProperty("before", out var before) ? ReadBefore(id, before) : null, Text("after")),
            Revision("written"),
            Revision("read"));

        string? Text(string name) => payload.TryGetProperty(name, out var value) ? value.GetString() : null;
        MemoryRevision? Revision(string name) => Text(name) is { } value ? new MemoryRevision(value) : null;
    }

    /// <remarks>JSON goes as a text, so that the server keeps every digit and every key of it.</remarks>
    private static void WriteBefore(Utf8JsonWriter writer, StoredMemoryContent before)
    {
        var memory = before.Memory;
        writer.WriteStartObject("before");
        writer.WriteString("text", memory.Text);
        if (memory.Metadata is { } metadata)
            writer.WriteString("metadata", metadata.GetRawText());
        if (memory.StoredAt is { } storedAt)
            writer.WriteString(CollectionLayout.StoredAtField, Rfc3339.Write(storedAt));
        if (memory.ChangedAt is not null && memory.FirstStoredAt is { } first)
            writer.WriteString(CollectionLayout.FirstStoredAtField, Rfc3339.Write(first));
        if (memory.ExpiresAt is { } expires)
            writer.WriteString(CollectionLayout.ExpiresAtField, Rfc3339.Write(expires));
        QdrantPayload.WriteAuthor(writer, memory);
        if (before.Others is { } others)
            writer.WriteString("others", others.GetRawText());
        writer.WriteEndObject();
    }

    private static StoredMemoryContent ReadBefore(MemoryId id, JsonElement before)
    {
        return new StoredMemoryContent(
            new Memory(id, Text("text") ?? "", Json("metadata"), QdrantPayload.ReadTime(before, CollectionLayout.StoredAtField))
            {
                FirstStoredAt = QdrantPayload.ReadTime(before, CollectionLayout.FirstStoredAtField),
                ExpiresAt = QdrantPayload.ReadTime(before, CollectionLayout.ExpiresAtField),
                By = QdrantPayload.ReadBy(before),
                RevisionNumber = QdrantPayload.ReadRevisionNumber(before),
            },
            Json("others"));

        string? Text(string name) => before.TryGetProperty(name, out var value) ? value.GetString() : null;
        JsonElement? Json(string name) => Text(name) is { } json ? JsonElement.Parse(json, QdrantJson.Deep) : null;
    }
}
