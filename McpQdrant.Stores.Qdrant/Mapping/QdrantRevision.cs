using System.Security.Cryptography;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>Conditions by which a write takes effect only on points that are still as they were read.</summary>
internal static class QdrantRevision
{
    /// <summary>
    /// Writes that a revision remembers, the last one first. Who has written asks afterwards whether it was done: by then another may have
    /// written on top of it.
    /// </summary>
    private const int Remembered = 32;

    private const char Separator = '.';

    /// <summary>Longer texts aren't compared: the condition would be as large as the point.</summary>
    private const int MaxTextCompared = 64 * 1024;

    /// <summary>A revision that no memory has had before.</summary>
    /// <param name="read">The one that it takes the place of; null for none.</param>
    public static MemoryRevision Create(MemoryRevision? read = null)
    {
        var write = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        return read is { IsOfContent: false, Value: var value }
            ? new MemoryRevision(string.Join(Separator, [write, .. value.Split(Separator).Take(Remembered - 1)]))
            : new MemoryRevision(write);
    }

    /// <summary>Whether a write was done: the memory has its revision, or one that came on top of it.</summary>
    public static bool WasWritten(MemoryRevision written, MemoryRevision? there) =>
        there is { Value: var value } && value.Split(Separator).Contains(written.Value.Split(Separator)[0], StringComparer.Ordinal);

    /// <summary>Whether it remembers as many writes as it can, so that there may have been others before them.</summary>
    public static bool IsFull(MemoryRevision revision) => revision.Value.Count(Separator) == Remembered - 1;

    /// <summary>Writes the conditions, within <c>must</c>, that a point is still as it was read.</summary>
    /// <param name="read">
    /// Where it has no revision of its own, because another program wrote it, its text is compared. Servers of this kind give it a revision
    /// when they change it, so between them nothing is missed.
    /// </param>
    public static void WriteConditions(Utf8JsonWriter writer, JsonElement read, CollectionLayout collection)
    {
        if (QdrantPoint.ReadRevision(read) is { } revision)
        {
            QdrantFilter.WriteMatch(writer, CollectionLayout.RevisionField, revision.Value);
            return;
        }

        WriteNoRevision(writer);
        if (QdrantPoint.ReadText(read, collection) is ({ } field, { Length: > 0 and <= MaxTextCompared } text) && IsPlainKey(field))
            QdrantFilter.WriteMatch(writer, field, text);
    }

    /// <summary>Writes a filter's <c>must</c>: this memory, as it was read.</summary>
    public static void WriteMust(Utf8JsonWriter writer, JsonElement read, CollectionLayout collection)
    {
        writer.WriteStartArray("must");
        WriteHasId(writer, [QdrantPoint.ReadPointId(read)]);
        WriteConditions(writer, read, collection);
        writer.WriteEndArray();
    }

    /// <summary>Writes a filter's <c>must</c>: these memories, each with the revision of its own that was read.</summary>
    /// <remarks>No revision is used twice, so a memory that has one of the list's revisions has the one that was read of it.</remarks>
    public static void WriteMust(Utf8JsonWriter writer, IReadOnlyList<ReadMemory> read)
    {
        writer.WriteStartArray("must");
        WriteHasId(writer, read.Select(memory => memory.Id));
        WriteAnyRevision(writer, read.Select(memory => memory.Revision));
        writer.WriteEndArray();
    }

    /// <summary>Writes a filter's <c>must</c>: these memories, none of which has a revision of its own.</summary>
    public static void WriteMust(Utf8JsonWriter writer, IReadOnlyList<JsonElement> read, CollectionLayout collection)
    {
        writer.WriteStartArray("must");
        WriteHasId(writer, read.Select(QdrantPoint.ReadPointId));
        writer.WriteStartObject();
        writer.WriteStartArray("should");
        foreach (var point in read)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("must");
            WriteHasId(writer, [QdrantPoint.ReadPointId(point)]);
            WriteConditions(writer, point, collection);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>Writes a condition: the point has one of these revisions, or it has none where one of them stands for a memory without.</summary>
    public static void WriteAnyOf(Utf8JsonWriter writer, IReadOnlyList<MemoryRevision> revisions)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("should");
        WriteAnyRevision(writer, revisions.Where(revision => !revision.IsOfContent));
        if (revisions.Any(revision => revision.IsOfContent))
            WriteNoRevision(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteHasId(Utf8JsonWriter writer, IEnumerable<MemoryId> ids)
    {
        writer.WriteStartObject();
        QdrantPoint.WriteIds(writer, "has_id", ids);
        writer.WriteEndObject();
    }

    private static void WriteAnyRevision(Utf8JsonWriter writer, IEnumerable<MemoryRevision> revisions) =>
        QdrantFilter.WriteAny(writer, CollectionLayout.RevisionField, revisions.Select(revision => revision.Value));

    private static void WriteNoRevision(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("is_empty");
        writer.WriteString("key", CollectionLayout.RevisionField);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Other keys have to be quoted in paths, and some can't be.</summary>
    private static bool IsPlainKey(string key) => key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}
