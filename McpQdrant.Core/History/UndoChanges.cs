using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Core.History;

/// <summary>Changes that an operator takes back, whoever made them: those with these ids, or all that satisfy what else is asked for.</summary>
/// <param name="Changes">Their ids; none for all others.</param>
/// <param name="IsPreview">Only tells what would happen.</param>
public sealed record UndoChangesRequest(IReadOnlyList<ChangeId> Changes, bool IsPreview = false)
{
    /// <summary>Only in this collection, by its name in the store.</summary>
    public CollectionName? Collection { get; init; }

    /// <summary>Only what they did to this memory.</summary>
    public MemoryId? Memory { get; init; }

    /// <summary>Only those of this caller.</summary>
    public string? By { get; init; }

    /// <summary>Only those made at this time or later, as a person writes it (<see cref="AskedTime"/>).</summary>
    public string? Since { get; init; }
}

/// <summary>What became of changes that were to be taken back.</summary>
/// <param name="Changes">The changes, the newest first: by their ids, a preview can be followed by just that.</param>
public sealed record UndoChangesResult(IReadOnlyList<ChangeId> Changes, IReadOnlyList<UndoneCollection> Collections) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [.. Memories.Select(memory => memory.Id)];

    public string? Outcome => Collections.All(collection => collection.UndoneBy is null) ? null : $"undone {Changes.Count} changes, {Count(UndoOutcome.Undone) + Count(UndoOutcome.PartlyUndone)} memories";

    public int Count(UndoOutcome outcome) => Memories.Count(memory => memory.Outcome == outcome);

    private IEnumerable<UndoneMemory> Memories => Collections.SelectMany(collection => collection.Memories);
}

/// <summary>What became of the memories of one collection.</summary>
/// <param name="UndoneBy">The change that took the others back, which can itself be taken back; null where nothing was changed.</param>
public sealed record UndoneCollection(CollectionName Name, IReadOnlyList<UndoneMemory> Memories, ChangeId? UndoneBy);

/// <summary>Brings memories back to what they were before changes of any caller: an agent gone wrong, for instance. That is a change too, and can be taken back.</summary>
public sealed class UndoChanges(
    UseCaseGuard guard, IMemoryStore store, ScopedChangeLog log, CollectionCatalog catalog, ChangeHistory history, TimeProvider clock)
    : IUseCase<UndoChangesRequest, UndoChangesResult>
{
    internal const string NoLog = "No log of changes is kept, so nothing can be undone: MEMORY_HISTORY is off.";

    private static readonly Operation Operation = new("undo", Rights.Write | Rights.Administer) { IsForWholeCollections = false };

    private readonly ChangeReversal _reversal = new(store, clock);

    /// <inheritdoc/>
    /// <exception cref="MemoryException">A change is not in the log, there are too many, or no log is kept.</exception>
    public Task<UndoChangesResult> HandleAsync(Caller caller, UndoChangesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, () => UndoAsync(caller, request, cancellationToken), cancellationToken);

    internal static string Gone(CollectionName collection) => $"The collection '{collection}' is gone.";

    private async Task<UndoChangesResult> UndoAsync(Caller caller, UndoChangesRequest request, CancellationToken cancellationToken)
    {
        if (request is { Changes.Count: 0, By: null, Since: null, Memory: null })
            throw new MemoryException("Say which changes to undo: by their ids, by a time, by a caller, or by a memory.");
        if (!history.IsKept)
            throw new MemoryException(NoLog);

        var scope = guard.ScopeOf(caller, Operation);
        var changes = await ReadAsync(scope, request, cancellationToken);
        var collections = new List<UndoneCollection>();
        foreach (var group in changes.GroupBy(change => change.Collection))
        {
            // A change is of one collection, so each gets its own.
            var origin = history.Begin(caller, Operation)!;
            var memories = await catalog.UseAsync<IReadOnlyList<UndoneMemory>?>(
                group.Key, scope, async used => await _reversal.UndoAllAsync(used, group, request.IsPreview, origin, cancellationToken), absent: null, cancellationToken)
                ?? throw new MemoryException(Gone(group.Key));
            var isChanged = !request.IsPreview && memories.Any(memory => memory.Outcome is UndoOutcome.Undone or UndoOutcome.PartlyUndone);
            collections.Add(new UndoneCollection(group.Key, memories, isChanged ? origin.Id : null));
        }
        return new UndoChangesResult([.. changes.Select(change => change.Origin.Id).Distinct()], collections);
    }

    /// <returns>The newest first.</returns>
    private async Task<IReadOnlyList<Change>> ReadAsync(MemoryScope scope, UndoChangesRequest request, CancellationToken cancellationToken)
    {
        var query = new ChangeQuery
        {
            Collection = request.Collection,
            Memory = request.Memory,
            By = request.By,
            Since = request.Since is { } since ? AskedTime.Read("since", since, clock.GetUtcNow(), isEnd: false) : null,
            Limit = MatchingMemories.Max + 1,
        };
        var changes = new List<Change>();
        foreach (var id in request.Changes.Distinct().OrderByDescending(id => id.ToString(), StringComparer.Ordinal))
        {
            var lines = await log.ReadAsync(scope, query with { Change = id }, cancellationToken);
            if (lines.Count == 0)
                throw new MemoryException($"There is no such change in the log: {id}. `mcp-server-qdrant log` lists those that there are.");
            changes.AddRange(lines);
        }
        if (request.Changes.Count == 0)
            changes.AddRange(await log.ReadAsync(scope, query, cancellationToken));
        return changes.Count <= MatchingMemories.Max
            ? changes
            : throw new MemoryException($"These are changes of more than {MatchingMemories.Max:N0} memories. Undo them in several steps, the latest first: with a later time, or by collection.");
    }
}
