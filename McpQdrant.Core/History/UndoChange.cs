using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.History;

/// <summary>A change of the caller's own that is to be taken back.</summary>
/// <param name="Collection">Where it was made.</param>
/// <param name="IsPreview">Only tells what would happen.</param>
public sealed record UndoChangeRequest(CollectionName Collection, ChangeId Change, bool IsPreview = false);

/// <summary>What became of a change that was to be taken back.</summary>
/// <param name="Memories">Each memory that the change was of.</param>
/// <param name="UndoneBy">The change that took it back, which can itself be taken back; null where nothing was changed.</param>
public sealed record UndoChangeResult(IReadOnlyList<UndoneMemory> Memories, ChangeId? UndoneBy) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [.. Memories.Select(memory => memory.Id)];

    public string? Outcome => UndoneBy is null ? null : $"undone {Memories.Count(memory => memory.Outcome == UndoOutcome.Undone)} of {Memories.Count}";
}

/// <summary>Brings memories back to what they were before a change that the caller made lately. That is a change too, and can be taken back.</summary>
/// <remarks><see cref="UndoChanges"/> takes back anybody's.</remarks>
public sealed class UndoChange(
    UseCaseGuard guard, IMemoryStore store, ScopedChangeLog log, CollectionCatalog catalog, ChangeHistory history, TimeProvider clock)
    : IUseCase<UndoChangeRequest, UndoChangeResult>
{
    /// <summary>For how long callers may take back what they did themselves.</summary>
    public static readonly TimeSpan OwnChangesFor = TimeSpan.FromHours(1);

    private static readonly Operation Operation = Operation.Of(ToolName.Undo);

    private readonly ChangeReversal _reversal = new(store, clock);

    /// <inheritdoc/>
    public Task<UndoChangeResult> HandleAsync(Caller caller, UndoChangeRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], collection => UndoAsync(caller, request, collection, cancellationToken), cancellationToken);

    private async Task<UndoChangeResult> UndoAsync(Caller caller, UndoChangeRequest request, CollectionName collection, CancellationToken cancellationToken)
    {
        var scope = guard.ScopeOf(caller, Operation);
        var origin = history.Begin(caller, Operation) ?? throw new MemoryException(UndoChanges.NoLog);
        IReadOnlyList<Change> changes = collection.IsInaccessible
            ? []
            : await log.ReadAsync(scope, new ChangeQuery { Collection = collection, Change = request.Change, Limit = MatchingMemories.Max }, cancellationToken);
        if (changes.Count == 0 || changes[0].Origin.By != caller.Name)
            throw new MemoryException($"There is no change {request.Change} of yours in '{collection}'. Take its id from the answer to the change.");
        if (changes[0].Origin.At < clock.GetUtcNow() - OwnChangesFor)
            throw new MemoryException("That change is more than an hour old, so only the operator of this server can undo it.");

        var memories = await catalog.UseAsync<IReadOnlyList<UndoneMemory>?>(
            collection, scope, used => UndoAsync(used, changes, request.IsPreview, origin, cancellationToken), absent: null, cancellationToken)
            ?? throw new MemoryException(UndoChanges.Gone(collection));
        return new UndoChangeResult(memories, request.IsPreview || memories.All(memory => memory.Outcome != UndoOutcome.Undone) ? null : origin.Id);
    }

    private async Task<IReadOnlyList<UndoneMemory>?> UndoAsync(
        UsableCollection collection, IReadOnlyList<Change> changes, bool isPreview, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var undone = new List<UndoneMemory>(changes.Count);
        foreach (var change in changes)
            undone.Add(await _reversal.UndoAsync(collection, [change], isPreview, origin, cancellationToken));
        return undone;
    }
}
