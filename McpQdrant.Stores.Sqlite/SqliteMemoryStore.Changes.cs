using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite;

/// <content>Changes of what is there, each in one transaction with its line in the log of changes.</content>
internal sealed partial class SqliteMemoryStore : IChangeLog
{
    public Task<IReadOnlyList<MemoryId>> InsertAsync(
        CollectionLayout collection, IReadOnlyList<StoredMemory> memories, ChangeOrigin? origin, CancellationToken cancellationToken) =>
        _writes.RunAsync<IReadOnlyList<MemoryId>>(
            session =>
            {
                var target = CollectionTable.Require(session, collection);
                var inserted = new List<MemoryId>(memories.Count);
                foreach (var memory in memories.Where(memory => MemoryTable.TryInsert(session, target, memory)))
                {
                    inserted.Add(memory.Memory.Id);
                    if (origin is not null)
                        ChangeTable.Add(session, target, origin, memory.Memory.Id, before: null, memory.Memory);
                }
                return inserted;
            },
            cancellationToken);

    /// <remarks>What other programs kept with a memory came with an import.</remarks>
    public Task<bool> ReplaceAsync(
        CollectionLayout collection, StoredMemory memory, MemoryRevision read, ChangeOrigin? origin, CancellationToken cancellationToken) =>
        _writes.RunAsync(
            session =>
            {
                var target = CollectionTable.Require(session, collection);
                var before = origin is null ? null : MemoryTable.FindStored(session, target, memory.Memory.Id);
                if (!MemoryTable.TryReplace(session, target, memory, read))
                    return false;
                if (origin is not null)
                    ChangeTable.Add(session, target, origin, memory.Memory.Id, before, memory.Memory);
                return true;
            },
            cancellationToken);

    public Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, ChangeOrigin? origin, CancellationToken cancellationToken) =>
        _writes.RunAsync(
            session =>
            {
                var target = CollectionTable.Require(session, collection);
                return selection switch
                {
                    MemorySelection.ByRevisions { Read: var read } => Delete(session, target, read.Select(memory => (memory.Id, (MemoryRevision?)memory.Revision)), origin),
                    MemorySelection.ByIds { Ids: var ids } => Delete(session, target, ids.Select(id => (id, (MemoryRevision?)null)), origin),
                    _ => throw new ArgumentOutOfRangeException(nameof(selection)),
                };
            },
            cancellationToken);

    public Task<IReadOnlyList<Change>> ReadChangesAsync(ChangeQuery query, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Change>>(session => ChangeTable.Read(session, query), cancellationToken);

    public Task<long> RemoveChangesAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        _writes.RunAsync(session => ChangeTable.RemoveBefore(session, before), cancellationToken);

    public Task<long> RemoveChangesAsync(CollectionName collection, IReadOnlyList<MemoryId> memories, CancellationToken cancellationToken) =>
        _writes.RunAsync(session => ChangeTable.Remove(session, collection, memories), cancellationToken);

    /// <param name="memories">Which; those with a revision only as long as they still have it.</param>
    private static long Delete(
        SqliteSession session, SqliteCollection collection, IEnumerable<(MemoryId Id, MemoryRevision? Read)> memories, ChangeOrigin? origin)
    {
        var deleted = 0L;
        foreach (var (id, read) in memories)
        {
            var before = origin is null ? null : MemoryTable.FindStored(session, collection, id);
            if (!MemoryTable.TryDelete(session, collection, id, read))
                continue;
            deleted++;
            if (origin is not null)
                ChangeTable.Add(session, collection, origin, id, before, after: null);
        }

        if (deleted > 0)
            CollectionTable.CountDeletions(session, collection.Key, deleted);
        return deleted;
    }
}
