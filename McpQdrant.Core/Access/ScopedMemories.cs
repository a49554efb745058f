using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Access;

/// <summary>A store in which a call meets the memories of its <see cref="CollectionLayout.Scope"/> only, whatever it asks for, and writes no others.</summary>
/// <remarks>Searches and counts have the scope in their filter. An id of another scope is answered as one that doesn't exist; the audit log has a line on it.</remarks>
public sealed class ScopedMemories(IMemoryStore store) : IMemoryStore
{
    /// <summary>How often a deletion by ids reads anew what others have changed in the meantime.</summary>
    private const int MaxAttempts = 20;

    public Task<IReadOnlyList<CollectionName>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public Task<CollectionInfo?> DescribeAsync(CollectionName collection, CancellationToken cancellationToken) => store.DescribeAsync(collection, cancellationToken);

    public Task CreateAsync(CollectionSpec spec, CancellationToken cancellationToken) => store.CreateAsync(spec, cancellationToken);

    public async Task UpsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        if (collection.Scope.IsPinned)
        {
            RequireInScope(collection, memories);
            var ids = memories.Select(memory => memory.Memory.Id).ToList();
            if ((await store.GetAsync(collection, ids, cancellationToken)).Any(memory => !collection.Scope.Contains(memory)))
                throw Refused(collection, "a memory of another scope");
        }
        await store.UpsertAsync(collection, memories, cancellationToken);
    }

    public Task<IReadOnlyList<MemoryId>> InsertAsync(
        CollectionLayout collection, IReadOnlyList<StoredMemory> memories, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        RequireInScope(collection, memories);
        return store.InsertAsync(collection, memories, origin, cancellationToken);
    }

    public async Task<bool> ReplaceAsync(
        CollectionLayout collection, StoredMemory memory, MemoryRevision read, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        RequireInScope(collection, [memory]);
        // The store replaces what is still as it was read, so what was read is what is replaced.
        if (collection.Scope.IsPinned && (await GetAsync(collection, [memory.Memory.Id], cancellationToken) is not [var there] || there.Revision != read))
            return false;
        return await store.ReplaceAsync(collection, memory, read, origin, cancellationToken);
    }

    public Task<IReadOnlyList<SearchHit>> SearchAsync(CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken) =>
        store.SearchAsync(collection, collection.Scope.IsPinned ? search with { Filter = Within(collection, search.Filter) } : search, cancellationToken);

    public async Task<IReadOnlyList<Memory>> GetAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        var memories = await store.GetAsync(collection, ids, cancellationToken);
        if (memories.All(collection.Scope.Contains))
            return memories;

        foreach (var other in memories.Where(memory => !collection.Scope.Contains(memory)))
            collection.Scope.WriteRefusal(collection.Name, $"memory {other.Id} of another scope");
        return [.. memories.Where(collection.Scope.Contains)];
    }

    public Task<IReadOnlyList<Memory>> ReadNewestAsync(CollectionLayout collection, Filter? filter, int limit, ListPosition? after, CancellationToken cancellationToken) =>
        store.ReadNewestAsync(collection, Within(collection, filter), limit, after, cancellationToken);

    public Task<long> CountAsync(CollectionLayout collection, Filter? filter, CancellationToken cancellationToken) =>
        store.CountAsync(collection, Within(collection, filter), cancellationToken);

    public async Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        if (!collection.Scope.IsPinned)
            return await store.DeleteAsync(collection, selection, origin, cancellationToken);

        if (selection is MemorySelection.ByRevisions { Read: var read })
        {
            var own = await GetAsync(collection, [.. read.Select(memory => memory.Id)], cancellationToken);
            return await DeleteAsync(collection, own.Where(memory => read.Contains(new ReadMemory(memory.Id, memory.Revision))), origin, cancellationToken);
        }

        var (ids, gone) = (((MemorySelection.ByIds)selection).Ids, 0L);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await GetAsync(collection, ids, cancellationToken) is not { Count: > 0 } own)
                return gone;
            gone += await DeleteAsync(collection, own, origin, cancellationToken);
        }
        throw new MemoryException($"{gone} memories were deleted; the others are changed by others all the time. Try again later.");
    }

    public IAsyncEnumerable<StoredMemory> ReadAllAsync(CollectionLayout collection, Filter? filter, bool withVectors, CancellationToken cancellationToken) =>
        store.ReadAllAsync(collection, Within(collection, filter), withVectors, cancellationToken);

    private Task<long> DeleteAsync(CollectionLayout collection, IEnumerable<Memory> own, ChangeOrigin? origin, CancellationToken cancellationToken) => store.DeleteAsync(
        collection, new MemorySelection.ByRevisions([.. own.Select(memory => new ReadMemory(memory.Id, memory.Revision))]), origin, cancellationToken);

    private static Filter? Within(CollectionLayout collection, Filter? filter) => LayoutFilter.For(collection, collection.Scope.Filter) is not { } scope ? filter
        : filter is null ? scope
        : new Filter { Must = [scope, filter] };

    private static void RequireInScope(CollectionLayout collection, IReadOnlyList<StoredMemory> memories)
    {
        if (!memories.All(memory => collection.Scope.Contains(memory.Memory)))
            throw Refused(collection, "what another scope is to have");
    }

    private static OutOfScopeException Refused(CollectionLayout collection, string what)
    {
        collection.Scope.WriteRefusal(collection.Name, what);
        return new OutOfScopeException("This memory doesn't belong to those that you work with, so nothing was changed.");
    }
}
