using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant;

/// <summary>The log of changes: a collection of its own, without vectors, for all collections of memories.</summary>
/// <remarks>
/// Qdrant has no transactions over two collections. So a line is written before its change, with what tells whether the change was done:
/// the revision that it writes, and the one that it takes the place of. Whose change was too late takes the line back; where a process was killed in
/// between, the line is passed over when it is read.
/// </remarks>
internal sealed class QdrantChangeLog(QdrantClient client, QdrantOptions options)
{
    private const int PageSize = 100;

    /// <summary>Collections whose revisions tell which lines hold are asked in portions.</summary>
    private const int AskedAtOnce = 500;

    private static readonly CollectionName Log = CollectionName.Parse(CollectionName.ChangeLog);

    private static readonly (string Field, string Schema)[] Indexes =
        [("at", "datetime"), ("change", "keyword"), ("collection", "keyword"), ("memory", "keyword"), ("by", "keyword")];

    /// <summary>Writes lines; those of the same change and memory replace each other.</summary>
    /// <exception cref="MemoryException">The log can't be written, so the change must not be made.</exception>
    public async Task AddAsync(IReadOnlyList<QdrantChange> lines, CancellationToken cancellationToken)
    {
        if (lines.Count == 0)
            return;

        try
        {
            await WriteAsync(lines, cancellationToken);
        }
        catch (StaleCollectionException)
        {
            await CreateAsync(cancellationToken);
            await WriteAsync(lines, cancellationToken);
        }
    }

    /// <summary>After changes of one collection were sent: takes back the lines of those that were not made.</summary>
    /// <remarks>
    /// A change can be made and its memory be deleted, even stored anew, before this looks: then the lines of the others tell that it was.
    /// A deletion leaves nothing to tell by, so of two that delete the same at once both are taken for made.
    /// </remarks>
    /// <returns>The lines of those that were made.</returns>
    public async Task<IReadOnlyCollection<QdrantChange>> SettleAsync(
        IReadOnlyList<QdrantChange> lines, Func<IReadOnlyList<MemoryId>, Task<Dictionary<MemoryId, MemoryRevision?>>> readRevisions, CancellationToken cancellationToken)
    {
        var there = await readRevisions([.. lines.Select(line => line.Change.Memory)]);
        // What was to be deleted, and is gone, needs no look at the lines of others.
        HashSet<QdrantChange> made = [.. lines.Where(line => line.Written is null && !there.ContainsKey(line.Change.Memory))];
        made.UnionWith(await MadeAsync([.. lines.Where(line => !made.Contains(line))], there, whereNothingTells: false, cancellationToken));

        if (made.Count < lines.Count)
            await client.WriteAsync(
                QdrantRequest.On(Log, HttpMethod.Post, "/points/delete?wait=true", writer =>
                    QdrantPoint.WriteIds(writer, "points", lines.Where(line => !made.Contains(line)).Select(line => line.LineId))), cancellationToken);
        return made;
    }

    /// <summary>The lines that a filter finds.</summary>
    /// <returns>How many there were.</returns>
    public async Task<long> RemoveAsync(Action<Utf8JsonWriter> writeMust, CancellationToken cancellationToken)
    {
        try
        {
            var count = await client.ReadAsync(
                QdrantRequest.On(Log, HttpMethod.Post, "/points/count", writer =>
                {
                    WriteFilter(writer, writeMust, passedOver: []);
                    writer.WriteBoolean("exact", true);
                }),
                result => result.GetProperty("count").GetInt64(),
                cancellationToken);
            if (count > 0)
                await client.WriteAsync(
                    QdrantRequest.On(Log, HttpMethod.Post, "/points/delete?wait=true", writer => WriteFilter(writer, writeMust, passedOver: [])), cancellationToken);
            return count;
        }
        catch (StaleCollectionException)
        {
            return 0;
        }
    }

    /// <summary>The lines that satisfy a query and whose changes were made, the newest first.</summary>
    /// <param name="readRevisions">Reads the revisions of memories of a collection that are there; those that another program wrote have none.</param>
    public async Task<IReadOnlyList<Change>> ReadAsync(
        ChangeQuery query, Func<CollectionName, IReadOnlyList<MemoryId>, Task<Dictionary<MemoryId, MemoryRevision?>>> readRevisions, CancellationToken cancellationToken)
    {
        var changes = new List<Change>();
        List<QdrantChange> page;
        (DateTimeOffset At, List<MemoryId> Seen)? last = null;
        do
        {
            page = await ReadPageAsync(query, last, cancellationToken);
            if (page.Count == 0)
                break;
            var at = page[^1].Change.Origin.At;
            var seen = page.Where(line => line.Change.Origin.At == at).Select(line => line.LineId);
            last = (at, [.. last?.At == at ? last.Value.Seen : [], .. seen]);

            var made = await MadeAsync(page, readRevisions, cancellationToken);
            changes.AddRange(page.Where(made.Contains).Select(line => line.Change));
        }
        while (page.Count == PageSize && changes.Count < query.Limit);
        return [.. changes.Take(query.Limit)];
    }

    private async Task WriteAsync(IReadOnlyList<QdrantChange> lines, CancellationToken cancellationToken)
    {
        foreach (var batch in QdrantBatch.Of(lines, (writer, line) => line.Write(writer)))
            await client.WriteAsync(QdrantRequest.On(Log, HttpMethod.Put, "/points?wait=true", batch.Write), cancellationToken);
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.ChangeAsync(
                QdrantRequest.On(Log, HttpMethod.Put, "", writer =>
                {
                    writer.WriteStartObject("vectors");
                    writer.WriteEndObject();
                    QdrantCollection.WriteShards(writer, options);
                }),
                cancellationToken);
        }
        catch (QdrantRefusal refusal) when (QdrantMemoryStore.IsThereAlready(refusal))
        {
            // Another process was faster.
        }
        catch (MemoryException failure) when (!failure.IsOutage)
        {
            throw new MemoryException(
                $"Nothing was changed, since the log of changes can't be written: {failure.Message} Let the server's key write the collection '{Log}' too, "
                + "or set MEMORY_HISTORY=off to change memories without a log.", failure);
        }

        foreach (var (field, schema) in Indexes)
            await client.WriteAsync(
                QdrantRequest.On(Log, HttpMethod.Put, "/index?wait=true", writer =>
                {
                    writer.WriteString("field_name", field);
                    writer.WriteString("field_schema", schema);
                }),
                cancellationToken);
    }

    private async Task<List<QdrantChange>> ReadPageAsync(ChangeQuery query, (DateTimeOffset At, List<MemoryId> Seen)? last, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ReadAsync(
                QdrantRequest.On(Log, HttpMethod.Post, "/points/scroll", writer =>
                {
                    writer.WriteNumber("limit", PageSize);
                    writer.WriteStartObject("order_by");
                    writer.WriteString("key", "at");
                    writer.WriteString("direction", "desc");
                    if (last is { At: var from })
                        writer.WriteString("start_from", Rfc3339.Write(from));
                    writer.WriteEndObject();
                    WriteFilter(writer, must => WriteConditions(must, query), last?.Seen ?? []);
                    writer.WriteBoolean("with_payload", true);
                }),
                page => page.GetProperty("points").EnumerateArray().Select(QdrantChange.ReadLine).ToList(),
                cancellationToken);
        }
        catch (StaleCollectionException)
        {
            return [];
        }
    }

    /// <summary>Those lines whose changes were made.</summary>
    private async Task<HashSet<QdrantChange>> MadeAsync(
        IReadOnlyList<QdrantChange> lines, Func<CollectionName, IReadOnlyList<MemoryId>, Task<Dictionary<MemoryId, MemoryRevision?>>> readRevisions, CancellationToken cancellationToken)
    {
        var made = new HashSet<QdrantChange>();
        foreach (var group in lines.GroupBy(line => line.Change.Collection))
        {
            foreach (var chunk in group.Select(line => line.Change.Memory).Distinct().Chunk(AskedAtOnce))
            {
                var there = await RevisionsAsync(group.Key, chunk, readRevisions);
                // A line is shown rather than hidden where nothing tells.
                made.UnionWith(await MadeAsync([.. group.Where(line => chunk.Contains(line.Change.Memory))], there, whereNothingTells: true, cancellationToken));
            }
        }
        return made;
    }

    /// <summary>Those of one collection whose changes were made.</summary>
    /// <param name="there">The revisions of their memories that are there.</param>
    /// <param name="whereNothingTells">Whether those count as made of which nothing tells.</param>
    private async Task<IEnumerable<QdrantChange>> MadeAsync(
        IReadOnlyList<QdrantChange> lines, Dictionary<MemoryId, MemoryRevision?> there, bool whereNothingTells, CancellationToken cancellationToken)
    {
        List<QdrantChange> open = [.. lines.Where(line => line.WasMade(there) is null)];
        var all = open.Count == 0 ? [] : await ReadLinesAsync(open, cancellationToken);
        return lines.Where(line => line.WasMade(there) ?? line.WasMade(there, all) ?? whereNothingTells);
    }

    private static async Task<Dictionary<MemoryId, MemoryRevision?>> RevisionsAsync(
        CollectionName collection, MemoryId[] memories, Func<CollectionName, IReadOnlyList<MemoryId>, Task<Dictionary<MemoryId, MemoryRevision?>>> readRevisions)
    {
        try
        {
            return await readRevisions(collection, memories);
        }
        catch (StaleCollectionException)
        {
            return [];
        }
    }

    /// <summary>All lines of the memories of some lines, without what the memories held: what came after a change knows its revision.</summary>
    /// <param name="lines">Of one collection.</param>
    private Task<List<QdrantChange>> ReadLinesAsync(List<QdrantChange> lines, CancellationToken cancellationToken) => client.ReadAsync(
        QdrantRequest.On(Log, HttpMethod.Post, "/points/scroll", writer =>
        {
            writer.WriteNumber("limit", 10_000);
            WriteFilter(writer, must =>
            {
                QdrantFilter.WriteMatch(must, "collection", lines[0].Change.Collection.Value);
                QdrantFilter.WriteAny(must, "memory", lines.Select(line => line.Change.Memory.ToString()).Distinct());
            }, passedOver: []);
            writer.WriteStartArray("with_payload");
            foreach (var field in QdrantChange.FieldsWithoutContent)
                writer.WriteStringValue(field);
            writer.WriteEndArray();
        }),
        page => page.GetProperty("points").EnumerateArray().Select(QdrantChange.ReadLine).ToList(),
        cancellationToken);

    private static void WriteConditions(Utf8JsonWriter writer, ChangeQuery query)
    {
        if (query.Collection is { } collection)
            QdrantFilter.WriteMatch(writer, "collection", collection.Value);
        if (query.Memory is { } memory)
            QdrantFilter.WriteMatch(writer, "memory", memory.ToString());
        if (query.Change is { } change)
            QdrantFilter.WriteMatch(writer, "change", change.ToString());
        if (query.By is { } by)
            QdrantFilter.WriteMatch(writer, "by", by);
        if (query.Since is { } since)
            WriteRange(writer, "gte", since);
    }

    /// <summary>Writes a condition on the time of a change.</summary>
    /// <param name="bound"><c>gte</c> or <c>lt</c>.</param>
    public static void WriteRange(Utf8JsonWriter writer, string bound, DateTimeOffset time)
    {
        writer.WriteStartObject();
        writer.WriteString("key", "at");
        writer.WriteStartObject("range");
        writer.WriteString(bound, Rfc3339.Write(time));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteFilter(Utf8JsonWriter writer, Action<Utf8JsonWriter> writeMust, List<MemoryId> passedOver)
    {
        writer.WriteStartObject("filter");
        writer.WriteStartArray("must");
        writeMust(writer);
        writer.WriteEndArray();
        if (passedOver.Count > 0)
        {
            writer.WriteStartArray("must_not");
            writer.WriteStartObject();
            QdrantPoint.WriteIds(writer, "has_id", passedOver);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
