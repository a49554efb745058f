using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Expiry;

/// <summary>A store in which nobody meets a memory that has expired, from that moment on, whether or not it was removed by then.</summary>
/// <remarks>The store applies the time within its searches. Collections in which nothing expires are searched without it.</remarks>
public sealed class UnexpiredMemories(IMemoryStore store, IExpiryIndex index, TimeProvider clock) : IMemoryStore
{
    /// <summary>Memories that are removed at once.</summary>
    private const int RemovedAtOnce = 100;

    /// <summary>Collections that got such a memory here, whatever was known of them before.</summary>
    private readonly ConcurrentDictionary<CollectionName, bool> _expiring = new();

    /// <summary>The store as it is, for whoever has to do with what has expired as well.</summary>
    internal IMemoryStore WithExpired => store;

    public Task<IReadOnlyList<CollectionName>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public Task<CollectionInfo?> DescribeAsync(CollectionName collection, CancellationToken cancellationToken) => store.DescribeAsync(collection, cancellationToken);

    public Task CreateAsync(CollectionSpec spec, CancellationToken cancellationToken) => store.CreateAsync(spec, cancellationToken);

    public async Task UpsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        await AllowAsync(collection, memories, cancellationToken);
        await store.UpsertAsync(collection, memories, cancellationToken);
    }

    /// <remarks>The id of a memory that has expired is free.</remarks>
    public async Task<IReadOnlyList<MemoryId>> InsertAsync(
        CollectionLayout collection, IReadOnlyList<StoredMemory> memories, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        await AllowAsync(collection, memories, cancellationToken);
        var inserted = await store.InsertAsync(collection, memories, origin, cancellationToken);
        if (inserted.Count == memories.Count)
            return inserted;

        var others = memories.Where(memory => !inserted.Contains(memory.Memory.Id)).ToList();
        var expired = (await store.GetAsync(collection, [.. others.Select(memory => memory.Memory.Id)], cancellationToken)).Where(HasExpired).ToDictionary(memory => memory.Id);
        if (expired.Count == 0)
            return inserted;

        await RemoveAsync(collection, [.. expired.Values], origin, cancellationToken);
        return [.. inserted, .. await store.InsertAsync(collection, [.. others.Where(memory => expired.ContainsKey(memory.Memory.Id))], origin, cancellationToken)];
    }

    public async Task<bool> ReplaceAsync(
        CollectionLayout collection, StoredMemory memory, MemoryRevision read, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        await AllowAsync(collection, [memory], cancellationToken);
        return await store.ReplaceAsync(collection, memory, read, origin, cancellationToken);
    }

    /// <remarks>The first memory that expires may have come from another server since the collection was looked at.</remarks>
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken)
    {
        if (!Expires(collection))
        {
            var hits = await store.SearchAsync(collection, search, cancellationToken);
            if (!hits.Any(hit => HasExpired(hit.Memory)))
                return hits;
        }
        return await store.SearchAsync(collection, search with { Filter = ExpiryOptions.Unexpired(search.Filter, clock.GetUtcNow()) }, cancellationToken);
    }

    public async Task<IReadOnlyList<Memory>> GetAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        var memories = await store.GetAsync(collection, ids, cancellationToken);
        return memories.Any(HasExpired) ? [.. memories.Where(memory => !HasExpired(memory))] : memories;
    }

    public async Task<IReadOnlyList<Memory>> ReadNewestAsync(CollectionLayout collection, Filter? filter, int limit, ListPosition? after, CancellationToken cancellationToken)
    {
        if (!Expires(collection))
        {
            var memories = await store.ReadNewestAsync(collection, filter, limit, after, cancellationToken);
            if (!memories.Any(HasExpired))
                return memories;
        }
        return await store.ReadNewestAsync(collection, ExpiryOptions.Unexpired(filter, clock.GetUtcNow()), limit, after, cancellationToken);
    }

    public Task<long> CountAsync(CollectionLayout collection, Filter? filter, CancellationToken cancellationToken) =>
        store.CountAsync(collection, Within(collection, filter), cancellationToken);

    public Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, ChangeOrigin? origin, CancellationToken cancellationToken) =>
        store.DeleteAsync(collection, selection, origin, cancellationToken);

    public async IAsyncEnumerable<StoredMemory> ReadAllAsync(
        CollectionLayout collection, Filter? filter, bool withVectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var memory in store.ReadAllAsync(collection, filter, withVectors, cancellationToken))
        {
            if (!HasExpired(memory.Memory))
                yield return memory;
        }
    }

    /// <summary>Removes what has expired.</summary>
    /// <returns>The memories that were removed.</returns>
    internal async Task<IReadOnlyList<MemoryId>> RemoveExpiredAsync(CollectionLayout collection, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        var removed = new List<MemoryId>();
        var batch = new List<Memory>();
        await foreach (var expired in store.ReadAllAsync(collection, ExpiryOptions.Expired(clock.GetUtcNow()), withVectors: false, cancellationToken))
        {
            batch.Add(expired.Memory);
            if (batch.Count == RemovedAtOnce)
                await RemoveAsync();
        }
        await RemoveAsync();
        return removed;

        async Task RemoveAsync()
        {
            await this.RemoveAsync(collection, batch, origin, cancellationToken);
            removed.AddRange(batch.Select(memory => memory.Id));
            batch.Clear();
        }
    }

    /// <remarks>What was changed in the meantime may live longer by now, so it stays.</remarks>
    private Task RemoveAsync(CollectionLayout collection, List<Memory> expired, ChangeOrigin? origin, CancellationToken cancellationToken) => expired.Count == 0
        ? Task.CompletedTask
        : store.DeleteAsync(collection, new MemorySelection.ByRevisions([.. expired.Select(memory => new ReadMemory(memory.Id, memory.Revision))]), origin, cancellationToken);

    private async Task AllowAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        if (Expires(collection) || memories.All(memory => memory.Memory.ExpiresAt is null))
            return;

        await index.AddAsync(collection.Name, cancellationToken);
        _expiring[collection.Name] = true;
    }

    private bool Expires(CollectionLayout collection) => collection.Expires || _expiring.ContainsKey(collection.Name);

    private Filter? Within(CollectionLayout collection, Filter? filter) => Expires(collection) ? ExpiryOptions.Unexpired(filter, clock.GetUtcNow()) : filter;

    private bool HasExpired(Memory memory) => memory.ExpiresAt is { } time && time <= clock.GetUtcNow();
}
