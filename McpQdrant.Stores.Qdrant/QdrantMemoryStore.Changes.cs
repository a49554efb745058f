using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant;

/// <content>
/// Writes that take effect only on what was read. Qdrant answers <c>completed</c> whether or not the condition held, so each of them is
/// followed by a read: every write gives a memory a new revision that remembers those before it, and who finds the own one has won.
/// </content>
internal sealed partial class QdrantMemoryStore : IChangeLog
{
    /// <summary>Memories in one conditional deletion.</summary>
    private const int DeletedAtOnce = 500;

    /// <summary>Those that are read whole before: for the log of changes, or to compare their text.</summary>
    private const int ReadAtOnce = 50;

    /// <summary>How often a deletion by ids reads anew what others have changed in the meantime.</summary>
    private const int MaxAttempts = 20;

    /// <summary>The first version with <c>update_mode</c>; older ones ignore it, and <c>update_filter</c> before 1.16, without a word.</summary>
    private static readonly Version ConditionsSince = new(1, 17);

    private volatile bool _knowsConditions;

    public async Task<IReadOnlyList<MemoryId>> InsertAsync(
        CollectionLayout collection, IReadOnlyList<StoredMemory> memories, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        var inserted = memories.DistinctBy(memory => memory.Memory.Id).ToDictionary(memory => memory.Memory.Id);
        if (!await KnowsConditionsAsync(cancellationToken))
        {
            foreach (var (taken, _) in await ReadRevisionsAsync(collection.Name, [.. inserted.Keys], cancellationToken))
                inserted.Remove(taken);
        }

        var revisions = inserted.Keys.ToDictionary(id => id, _ => QdrantRevision.Create());
        List<QdrantChange> lines = origin is null
            ? []
            : [.. inserted.Values.Select(stored => new QdrantChange(new Change(origin, collection.Name, stored.Memory.Id, Before: null, ContentHash.Of(stored.Memory)), revisions[stored.Memory.Id], Read: null))];
        await log.AddAsync(lines, cancellationToken);

        foreach (var points in QdrantBatch.Of([.. inserted.Values], (writer, memory) => QdrantPoint.Write(writer, collection, memory, revisions[memory.Memory.Id])))
            await client.WriteAsync(
                QdrantRequest.On(collection.Name, HttpMethod.Put, "/points?wait=true", writer =>
                {
                    points.Write(writer);
                    writer.WriteString("update_mode", "insert_only");
                }),
                cancellationToken);

        if (origin is not null)
            return [.. (await SettleAsync(collection, lines, cancellationToken)).Select(line => line.Change.Memory)];
        var there = await ReadRevisionsAsync(collection.Name, [.. inserted.Keys], cancellationToken);
        return [.. inserted.Keys.Where(id => QdrantRevision.WasWritten(revisions[id], there.GetValueOrDefault(id)))];
    }

    /// <remarks>The point is written whole: if its parts were changed one by one, a find in between would see a half.</remarks>
    public async Task<bool> ReplaceAsync(
        CollectionLayout collection, StoredMemory memory, MemoryRevision read, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        var id = memory.Memory.Id;
        if (await ReadPointsAsync(collection, [id], withPayload: true, withVectors: true, cancellationToken) is not [var point])
            return false;

        var now = client.Shape(() => QdrantPoint.ReadStored(point, collection));
        if (now.Memory.Revision != read)
            return false;

        var revision = QdrantRevision.Create(read);
        QdrantChange[] lines = origin is null ? [] : [new QdrantChange(LineOf(origin, collection, now, memory.Memory), revision, read)];
        await log.AddAsync(lines, cancellationToken);

        if (!await KnowsConditionsAsync(cancellationToken))
            await SetPayloadAsync(collection, memory.Memory, point, now.Memory, revision, cancellationToken);
        else
            await ReplacePointAsync(collection, memory with { Others = now.Others }, point, revision, cancellationToken);

        return origin is null
            ? QdrantRevision.WasWritten(revision, (await ReadRevisionsAsync(collection.Name, [id], cancellationToken)).GetValueOrDefault(id))
            : (await SettleAsync(collection, lines, cancellationToken)).Count > 0;
    }

    public async Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, ChangeOrigin? origin, CancellationToken cancellationToken) => selection switch
    {
        MemorySelection.ByRevisions { Read: var read } => (await DeleteAsync(collection, read, origin, cancellationToken)).Count,
        MemorySelection.ByIds { Ids: var ids } when origin is null => await DeleteAsync(collection, ids, cancellationToken),
        MemorySelection.ByIds { Ids: var ids } => await DeleteAsync(collection, ids, origin, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(selection)),
    };

    public Task<IReadOnlyList<Change>> ReadChangesAsync(ChangeQuery query, CancellationToken cancellationToken) =>
        log.ReadAsync(query, (collection, ids) => ReadRevisionsAsync(collection, ids, cancellationToken), cancellationToken);

    public Task<long> RemoveChangesAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        log.RemoveAsync(must => QdrantChangeLog.WriteRange(must, "lt", before), cancellationToken);

    public Task<long> RemoveChangesAsync(CollectionName collection, IReadOnlyList<MemoryId> memories, CancellationToken cancellationToken) => log.RemoveAsync(must =>
    {
        QdrantFilter.WriteMatch(must, "collection", collection.Value);
        QdrantFilter.WriteAny(must, "memory", memories.Select(memory => memory.ToString()));
    }, cancellationToken);

    private async Task ReplacePointAsync(
        CollectionLayout collection, StoredMemory memory, JsonElement point, MemoryRevision revision, CancellationToken cancellationToken)
    {
        var others = QdrantPoint.OtherVectors(point, collection, memory.Memory.Text);
        foreach (var batch in QdrantBatch.Of([memory], (writer, changed) => QdrantPoint.Write(writer, collection, changed, revision, others)))
            await client.WriteAsync(
                QdrantRequest.On(collection.Name, HttpMethod.Put, "/points?wait=true", writer =>
                {
                    batch.Write(writer);
                    writer.WriteStartObject("update_filter");
                    writer.WriteStartArray("must");
                    QdrantRevision.WriteConditions(writer, point, collection);
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                    writer.WriteString("update_mode", "update_only");
                }),
                cancellationToken);
    }

    /// <summary>Changes a memory on a server that replaces points without a condition, but sets their payload under one: as long as its text stays.</summary>
    private async Task SetPayloadAsync(CollectionLayout collection, Memory memory, JsonElement point, Memory read, MemoryRevision revision, CancellationToken cancellationToken)
    {
        // A field that lies beside the text stays when it isn't set.
        var losesField = collection.MetadataField is null
            && read.Metadata?.EnumerateObject().Any(field => memory.Metadata is not { } kept || !kept.TryGetProperty(field.Name, out _)) == true;
        if (memory.Text != read.Text || losesField)
            throw new MemoryException(
                $"This Qdrant server can't change the text of a memory without the risk of losing another's change; versions from {ConditionsSince} on can. " +
                "Upgrade it, or store the new text and forget the old one.");

        await client.WriteAsync(
            QdrantRequest.On(collection.Name, HttpMethod.Post, "/points/payload?wait=true", writer =>
            {
                writer.WritePropertyName("payload");
                QdrantPayload.Write(writer, collection, memory, revision, others: null);
                writer.WriteStartObject("filter");
                QdrantRevision.WriteMust(writer, point, collection);
                writer.WriteEndObject();
            }),
            cancellationToken);
    }

    /// <summary>Deletes whatever these memories hold, and writes no log.</summary>
    /// <remarks>Qdrant's answer doesn't say how many points there were, so they are counted before.</remarks>
    private async Task<long> DeleteAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        var there = await ReadRevisionsAsync(collection.Name, ids, cancellationToken);
        if (there.Count > 0)
            await DeleteAsync(collection, writer => QdrantPoint.WriteIds(writer, "points", ids), cancellationToken);
        return there.Count;
    }

    /// <summary>Deletes whatever these memories hold: what is changed between reading and deleting is read anew, what was deleted and is stored anew stays.</summary>
    private async Task<long> DeleteAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var gone = new HashSet<MemoryId>();
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var there = await GetAsync(collection, [.. ids.Where(id => !gone.Contains(id))], cancellationToken);
            if (there.Count == 0)
                return gone.Count;
            gone.UnionWith(await DeleteAsync(collection, [.. there.Select(memory => new ReadMemory(memory.Id, memory.Revision))], origin, cancellationToken));
        }
        throw new MemoryException($"{gone.Count} memories were deleted; the others are changed by others all the time. Try again later.");
    }

    /// <returns>Those that were as they were read, and were deleted.</returns>
    private async Task<IReadOnlyCollection<MemoryId>> DeleteAsync(
        CollectionLayout collection, IReadOnlyList<ReadMemory> read, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        var gone = new List<MemoryId>();
        foreach (var chunk in read.Where(memory => !memory.Revision.IsOfContent).Chunk(origin is null ? DeletedAtOnce : ReadAtOnce))
        {
            IReadOnlyList<StoredMemory> memories = origin is null ? [] : await ReadStoredAsync(collection, chunk, cancellationToken);
            ReadMemory[] unchanged;
            if (origin is null)
            {
                var there = await ReadRevisionsAsync(collection.Name, [.. chunk.Select(memory => memory.Id)], cancellationToken);
                unchanged = [.. chunk.Where(memory => there.GetValueOrDefault(memory.Id) == memory.Revision)];
            }
            else
                unchanged = [.. memories.Select(stored => new ReadMemory(stored.Memory.Id, stored.Memory.Revision))];
            gone.AddRange(await DeleteAsync(
                collection, [.. unchanged.Select(memory => memory.Id)], LinesOf(origin, collection, memories), writer => QdrantRevision.WriteMust(writer, unchanged), cancellationToken));
        }

        foreach (var chunk in read.Where(memory => memory.Revision.IsOfContent).Chunk(ReadAtOnce))
        {
            var expected = chunk.ToDictionary(memory => memory.Id, memory => memory.Revision);
            var there = await ReadPointsAsync(collection, [.. expected.Keys], withPayload: true, withVectors: false, cancellationToken);
            var (unchanged, memories) = client.Shape(() =>
            {
                var points = there.Where(point => QdrantPoint.Read(point, collection).Revision == expected[QdrantPoint.ReadPointId(point)]).ToArray();
                return (points, Array.ConvertAll(points, point => QdrantPoint.ReadStored(point, collection)));
            });
            gone.AddRange(await DeleteAsync(
                collection, [.. unchanged.Select(QdrantPoint.ReadPointId)], LinesOf(origin, collection, memories),
                writer => QdrantRevision.WriteMust(writer, unchanged, collection), cancellationToken));
        }
        return gone;
    }

    private async Task<IEnumerable<MemoryId>> DeleteAsync(
        CollectionLayout collection, IReadOnlyList<MemoryId> ids, IReadOnlyList<QdrantChange> lines, Action<Utf8JsonWriter> writeMust, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];

        await log.AddAsync(lines, cancellationToken);
        await DeleteAsync(collection, writer =>
        {
            writer.WriteStartObject("filter");
            writeMust(writer);
            writer.WriteEndObject();
        }, cancellationToken);
        return lines.Count > 0
            ? (await SettleAsync(collection, lines, cancellationToken)).Select(line => line.Change.Memory)
            : ids.Except((await ReadRevisionsAsync(collection.Name, ids, cancellationToken)).Keys);
    }

    private async Task DeleteAsync(CollectionLayout collection, Action<Utf8JsonWriter> selection, CancellationToken cancellationToken) =>
        await client.WriteAsync(QdrantRequest.On(collection.Name, HttpMethod.Post, "/points/delete?wait=true", selection), cancellationToken);

    /// <summary>Those that are still as they were read, whole.</summary>
    private async Task<IReadOnlyList<StoredMemory>> ReadStoredAsync(CollectionLayout collection, IReadOnlyList<ReadMemory> read, CancellationToken cancellationToken)
    {
        var points = await ReadPointsAsync(collection, [.. read.Select(memory => memory.Id)], withPayload: true, withVectors: false, cancellationToken);
        var there = client.Shape(() => points.Select(point => QdrantPoint.ReadStored(point, collection)).ToArray());
        return [.. there.Where(stored => read.Contains(new ReadMemory(stored.Memory.Id, stored.Memory.Revision)))];
    }

    private static Change LineOf(ChangeOrigin origin, CollectionLayout collection, StoredMemory before, Memory? after) => new(
        origin, collection.Name, before.Memory.Id, new StoredMemoryContent(before.Memory, before.Others), after is null ? null : ContentHash.Of(after));

    private static IReadOnlyList<QdrantChange> LinesOf(ChangeOrigin? origin, CollectionLayout collection, IReadOnlyList<StoredMemory> deleted) => origin is null
        ? []
        : [.. deleted.Select(stored => new QdrantChange(LineOf(origin, collection, stored, after: null), Written: null, stored.Memory.Revision))];

    private Task<IReadOnlyCollection<QdrantChange>> SettleAsync(CollectionLayout collection, IReadOnlyList<QdrantChange> lines, CancellationToken cancellationToken) =>
        log.SettleAsync(lines, ids => ReadRevisionsAsync(collection.Name, ids, cancellationToken), cancellationToken);

    /// <summary>The revisions of memories that are there; null for one that another program wrote.</summary>
    private async Task<Dictionary<MemoryId, MemoryRevision?>> ReadRevisionsAsync(
        CollectionName collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];

        return await client.ReadAsync(
            QdrantRequest.On(collection, HttpMethod.Post, "/points", writer =>
            {
                QdrantPoint.WriteIds(writer, "ids", ids);
                writer.WriteStartArray("with_payload");
                writer.WriteStringValue(CollectionLayout.RevisionField);
                writer.WriteEndArray();
                writer.WriteBoolean("with_vector", false);
            }),
            result => result.EnumerateArray().ToDictionary(QdrantPoint.ReadPointId, QdrantPoint.ReadRevision),
            cancellationToken);
    }

    /// <summary>Whether the server heeds conditions. One that tells no version is taken for a new one.</summary>
    private async ValueTask<bool> KnowsConditionsAsync(CancellationToken cancellationToken)
    {
        if (!_knowsConditions)
            _knowsConditions = await client.ReadVersionAsync(cancellationToken) is not { } version || version >= ConditionsSince;
        return _knowsConditions;
    }
}
