using System.Runtime.CompilerServices;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.History;

/// <summary>Memories that are to go for good, with all that the log of changes holds of them.</summary>
/// <param name="Collection">By its name in the store.</param>
/// <param name="Ids">Which; none for those that satisfy <paramref name="Filter"/>.</param>
/// <param name="Filter">Also lines of the log go whose memory satisfied it before the change, whatever became of it.</param>
/// <param name="IsPreview">Only counts.</param>
public sealed record PurgeMemoriesRequest(CollectionName Collection, IReadOnlyList<MemoryId> Ids, Filter? Filter = null, bool IsPreview = false);

/// <summary>What is gone, or would go: without any text, so that it can be kept as a receipt.</summary>
/// <param name="Memories">Those that were there, each with the <see cref="ContentHash"/> of what it held.</param>
/// <param name="Changes">Lines of the log of changes.</param>
/// <param name="Left">Null where nothing is left of them in the store; otherwise a sentence on what may be.</param>
public sealed record PurgeMemoriesResult(CollectionName Collection, DateTimeOffset At, IReadOnlyList<PurgedMemory> Memories, long Changes, string? Left, bool IsPreview) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [.. Memories.Select(memory => memory.Id)];

    public string? Outcome => IsPreview ? null : $"purged {Memories.Count} memories, {Changes} lines of the log";
}

/// <summary>A memory that is gone.</summary>
public sealed record PurgedMemory(MemoryId Id, string ContentHash);

/// <summary>Removes memories so that nothing brings them back: from their collection, from the log of changes, and from what the store's files still hold of deleted ones.</summary>
public sealed class PurgeMemories(
    UseCaseGuard guard, UnexpiredMemories memories, IChangeLog log, IErasure erasure, CollectionDefaults defaults, TimeProvider clock) : IUseCase<PurgeMemoriesRequest, PurgeMemoriesResult>
{
    private const int RemovedAtOnce = 500;

    private static readonly Operation Operation = new("purge", Rights.Forget | Rights.Administer);

    /// <inheritdoc/>
    public Task<PurgeMemoriesResult> HandleAsync(Caller caller, PurgeMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, () => PurgeAsync(request, cancellationToken), cancellationToken);

    private async Task<PurgeMemoriesResult> PurgeAsync(PurgeMemoriesRequest request, CancellationToken cancellationToken)
    {
        if (request.Filter is null == (request.Ids.Count == 0))
            throw new MemoryException("Say which memories to purge: by their ids, or by a filter.");
        if (request.Filter?.MatchesEverything == true)
            throw new MemoryException("The filter is empty, so it matches every memory. Give at least one condition.");
        if (await memories.DescribeAsync(request.Collection, cancellationToken) is not { } collection)
            throw new MemoryException($"There is no collection '{request.Collection}'.");

        var layout = CollectionLayoutResolver.ResolveForReading(collection, defaults.DocumentField, MemoryScope.Everything);
        // By ids, only a preview has to know what the log holds.
        IReadOnlyList<Change> changes = request is { Filter: null, IsPreview: false }
            ? []
            : await log.ReadChangesAsync(new ChangeQuery { Collection = request.Collection, Limit = int.MaxValue }, cancellationToken);
        var ids = request.Ids.Concat(Logged(changes, request.Filter)).ToHashSet();
        var purged = new Dictionary<MemoryId, PurgedMemory>();
        List<MemoryId> found;
        do
        {
            found = [];
            await foreach (var memory in FindAsync(layout, request, cancellationToken))
            {
                purged.TryAdd(memory.Id, new PurgedMemory(memory.Id, ContentHash.Of(memory)));
                found.Add(memory.Id);
            }
            if (!request.IsPreview)
                await DeleteAsync(layout, found, cancellationToken);
        }
        while (found.Count > 0 && !request.IsPreview); // what was stored meanwhile goes too

        ids.UnionWith(purged.Keys);
        if (request.IsPreview)
            return new PurgeMemoriesResult(request.Collection, clock.GetUtcNow(), [.. purged.Values], changes.Count(change => ids.Contains(change.Memory)), Left: null, IsPreview: true);

        var removed = 0L;
        foreach (var some in ids.Chunk(RemovedAtOnce))
            removed += await log.RemoveChangesAsync(request.Collection, some, cancellationToken);
        var left = await erasure.EraseDeletedAsync(cancellationToken);
        return new PurgeMemoriesResult(request.Collection, clock.GetUtcNow(), [.. purged.Values], removed, left, IsPreview: false);
    }

    private async Task DeleteAsync(CollectionLayout layout, List<MemoryId> found, CancellationToken cancellationToken)
    {
        foreach (var ids in found.Chunk(RemovedAtOnce))
            await memories.WithExpired.DeleteAsync(layout, new MemorySelection.ByIds(ids), cancellationToken);
    }

    private IAsyncEnumerable<Memory> FindAsync(CollectionLayout layout, PurgeMemoriesRequest request, CancellationToken cancellationToken) => request.Filter is { } filter
        ? memories.WithExpired.ReadAllAsync(layout, LayoutFilter.For(layout, filter), withVectors: false, cancellationToken).Select(stored => stored.Memory)
        : GetAsync(layout, request.Ids, cancellationToken);

    private async IAsyncEnumerable<Memory> GetAsync(
        CollectionLayout layout, IReadOnlyList<MemoryId> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in ids.Chunk(RemovedAtOnce))
        {
            foreach (var memory in await memories.WithExpired.GetAsync(layout, some, cancellationToken))
                yield return memory;
        }
    }

    /// <summary>The memories of which the log holds what a filter asks for.</summary>
    private static IEnumerable<MemoryId> Logged(IReadOnlyList<Change> changes, Filter? filter)
    {
        var decoder = new PayloadDecoder();
        return filter is null ? [] : changes.Where(change => change.Before is { } before && filter.Matches(new LoggedMemory(before.Memory, decoder))).Select(change => change.Memory);
    }

    /// <summary>What a memory was, as a filter sees it.</summary>
    private sealed class LoggedMemory(Memory memory, PayloadDecoder decoder) : IFilterSubject
    {
        public PointId Id => memory.Id.Point;

        public PayloadValue Payload { get; } = new(new PayloadObject(
            [CollectionLayout.DefaultTextField, CollectionLayout.DefaultMetadataField, CollectionLayout.StoredAtField],
            [
                new PayloadValue(memory.Text),
                memory.Metadata is { } metadata ? decoder.Decode(metadata) : default,
                memory.StoredAt is { } time ? new PayloadValue(Rfc3339.Write(time)) : default,
            ]));

        public bool HasVector(string name) => true;
    }
}
