using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.History;

/// <summary>Reads of the log of changes what a scope may see: changes of memories that were in it before, or, where there was none before, that are in it now.</summary>
public sealed class ScopedChangeLog(IChangeLog log, IMemoryStore store, CollectionCatalog catalog)
{
    /// <returns>The newest first.</returns>
    internal async Task<IReadOnlyList<Change>> ReadAsync(MemoryScope scope, ChangeQuery query, CancellationToken cancellationToken)
    {
        if (!scope.IsPinned)
            return await log.ReadChangesAsync(query, cancellationToken);

        var all = await log.ReadChangesAsync(query with { Limit = int.MaxValue }, cancellationToken);
        var there = await AreThereAsync(scope, all.Where(change => change.Before is null), cancellationToken);
        var own = all.Where(change => change.Before is { } before ? scope.Contains(before.Memory) : there.Contains((change.Collection, change.Memory))).ToList();
        if (own.Count < all.Count && (query.Change is not null || query.Memory is not null))
            scope.WriteRefusal(query.Collection, query.Change is { } asked ? $"change {asked} of another scope" : $"changes of memory {query.Memory} of another scope");
        return [.. own.Take(query.Limit)];
    }

    private async Task<HashSet<(CollectionName, MemoryId)>> AreThereAsync(MemoryScope scope, IEnumerable<Change> changes, CancellationToken cancellationToken)
    {
        var there = new HashSet<(CollectionName, MemoryId)>();
        foreach (var group in changes.GroupBy(change => change.Collection))
        {
            MemoryId[] ids = [.. group.Select(change => change.Memory).Distinct()];
            var memories = await catalog.UseAsync(group.Key, scope, used => store.GetAsync(used.Layout, ids, cancellationToken), absent: [], cancellationToken);
            there.UnionWith(memories.Select(memory => (group.Key, memory.Id)));
        }
        return there;
    }
}
