using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant;

/// <content>
/// Writes that take effect only on what was read. Qdrant answers <c>completed</c> whether or not the condition held, so each of them is
/// followed by a read: every write gives a memory a new revision that remembers those before it, and who finds the own one has won.
/// </content>
internal sealed partial class QdrantMemoryStore
{
    /// <summary>Memories in one conditional deletion.</summary>
    private const int DeletedAtOnce = 500;

    /// <summary>Those without a revision are read whole before, and are compared by their text.</summary>
    private const int ComparedAtOnce = 50;

    /// <summary>The first version with <c>update_mode</c>; older ones ignore it, and <c>update_filter</c> before 1.16, without a word.</summary>
    private static readonly Version ConditionsSince = new(1, 17);

    private volatile bool _knowsConditions;

    public async Task<IReadOnlyList<MemoryId>> InsertAsync(
        CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        var inserted = memories.DistinctBy(memory => memory.Memory.Id).ToDictionary(memory => memory.Memory.Id);
        if (!await KnowsConditionsAsync(cancellationToken))
        {
            foreach (var (taken, _) in await ReadRevisionsAsync(collection, [.. inserted.Keys], cancellationToken))
                inserted.Remove(taken);
        }

        var revisions = inserted.Keys.ToDictionary(id => id, _ => QdrantRevision.Create());
        foreach (var points in QdrantBatch.Of([.. inserted.Values], (writer, memory) => QdrantPoint.Write(writer, collection, memory, revisions[memory.Memory.Id])))
            await client.WriteAsync(
                QdrantRequest.On(collection.Name, HttpMethod.Put, "/points?wait=true", writer =>
                {
                    points.Write(writer);
                    writer.WriteString("update_mode", "insert_only");
                }),
                cancellationToken);

        var there = await ReadRevisionsAsync(collection, [.. inserted.Keys], cancellationToken);
        return [.. inserted.Keys.Where(id => QdrantRevision.WasWritten(revisions[id], there.GetValueOrDefault(id)))];
    }

    /// <remarks>The point is written whole: if its parts were changed one by one, a find in between would see a half.</remarks>
    public async Task<bool> ReplaceAsync(
        CollectionLayout collection, StoredMemory memory, MemoryRevision read, CancellationToken cancellationToken)
    {
        var id = memory.Memory.Id;
        if (await ReadPointsAsync(collection, [id], withPayload: true, withVectors: true, cancellationToken) is not [var point])
            return false;

        var now = client.Shape(() => QdrantPoint.ReadStored(point, collection));
        if (now.Memory.Revision != read)
            return false;

        var revision = QdrantRevision.Create(read);
        if (!await KnowsConditionsAsync(cancellationToken))
            await SetPayloadAsync(collection, memory.Memory, point, now.Memory, revision, cancellationToken);
        else
            await ReplacePointAsync(collection, memory with { Others = now.Others }, point, revision, cancellationToken);

        return await WasWrittenAsync(collection, id, revision, cancellationToken);
    }

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

    /// <returns>How many were as they were read, and are gone.</returns>
    private async Task<long> DeleteAsync(CollectionLayout collection, IReadOnlyList<ReadMemory> read, CancellationToken cancellationToken)
    {
        var gone = 0L;
        foreach (var chunk in read.Where(memory => !memory.Revision.IsOfContent).Chunk(DeletedAtOnce))
        {
            var there = await ReadRevisionsAsync(collection, [.. chunk.Select(memory => memory.Id)], cancellationToken);
            ReadMemory[] unchanged = [.. chunk.Where(memory => there.GetValueOrDefault(memory.Id) == memory.Revision)];
            gone += await DeleteAsync(collection, [.. unchanged.Select(memory => memory.Id)], writer => QdrantRevision.WriteMust(writer, unchanged), cancellationToken);
        }

        foreach (var chunk in read.Where(memory => memory.Revision.IsOfContent).Chunk(ComparedAtOnce))
        {
            var expected = chunk.ToDictionary(memory => memory.Id, memory => memory.Revision);
            var there = await ReadPointsAsync(collection, [.. expected.Keys], withPayload: true, withVectors: false, cancellationToken);
            var unchanged = client.Shape(() => there.Where(point => QdrantPoint.Read(point, collection).Revision == expected[QdrantPoint.ReadPointId(point)]).ToArray());
            gone += await DeleteAsync(collection, [.. unchanged.Select(QdrantPoint.ReadPointId)], writer => QdrantRevision.WriteMust(writer, unchanged, collection), cancellationToken);
        }
        return gone;
    }

    private async Task<long> DeleteAsync(
        CollectionLayout collection, IReadOnlyList<MemoryId> ids, Action<Utf8JsonWriter> writeMust, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return 0;

        await DeleteAsync(collection, filter: null, writer =>
        {
            writer.WriteStartObject("filter");
            writeMust(writer);
            writer.WriteEndObject();
        }, cancellationToken);
        var left = await ReadRevisionsAsync(collection, ids, cancellationToken);
        return ids.Count - left.Count;
    }

    private async Task<bool> WasWrittenAsync(CollectionLayout collection, MemoryId id, MemoryRevision revision, CancellationToken cancellationToken) =>
        QdrantRevision.WasWritten(revision, (await ReadRevisionsAsync(collection, [id], cancellationToken)).GetValueOrDefault(id));

    /// <summary>The revisions of memories that are there; null for one that another program wrote.</summary>
    private async Task<Dictionary<MemoryId, MemoryRevision?>> ReadRevisionsAsync(
        CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];

        return await client.ReadAsync(
            QdrantRequest.On(collection.Name, HttpMethod.Post, "/points", writer =>
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
