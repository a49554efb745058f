using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.History;

/// <summary>Changes of one collection that are to be taken back, whoever made them.</summary>
/// <param name="Collection">As the caller calls it.</param>
/// <param name="Changes">Their ids, one or more.</param>
/// <param name="IsPreview">Only tells what would happen.</param>
public sealed record UndoCollectionChangesRequest(CollectionName Collection, IReadOnlyList<ChangeId> Changes, bool IsPreview = false);

/// <summary>Brings memories of a collection back to what they were before changes of any caller: for whoever may write, delete and read there anyway.</summary>
/// <remarks><see cref="UndoChange"/> takes back one's own only, which agents are offered; <see cref="UndoChanges"/> is for operators.</remarks>
public sealed class UndoCollectionChanges(
    UseCaseGuard guard, IMemoryStore store, ScopedChangeLog log, CollectionCatalog catalog, ChangeHistory history, TimeProvider clock)
    : IUseCase<UndoCollectionChangesRequest, UndoChangeResult>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Undo);

    private readonly ChangeReversal _reversal = new(store, clock);

    /// <inheritdoc/>
    /// <exception cref="NotThereException">A change is not in the log, or not of this collection.</exception>
    public Task<UndoChangeResult> HandleAsync(Caller caller, UndoCollectionChangesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            var scope = guard.ScopeOf(caller, Operation);
            var origin = history.Begin(caller, Operation) ?? throw new MemoryException(UndoChanges.NoLog);
            var changes = new List<Change>();
            foreach (var id in request.Changes.Distinct().OrderByDescending(id => id.ToString(), StringComparer.Ordinal))
                changes.AddRange(await ReadAsync(scope, collection, id, cancellationToken));
            if (changes.Count > MatchingMemories.Max)
                throw new MemoryException($"These are changes of more than {MatchingMemories.Max:N0} memories. Undo them in several steps, the latest first.");

            var memories = await catalog.UseAsync<IReadOnlyList<UndoneMemory>?>(
                collection, scope, async used => await _reversal.UndoAllAsync(used, changes, request.IsPreview, origin, cancellationToken), absent: null, cancellationToken)
                ?? throw new NotThereException(UndoChanges.Gone(collection));
            var isChanged = !request.IsPreview && memories.Any(memory => memory.Outcome is UndoOutcome.Undone or UndoOutcome.PartlyUndone);
            return new UndoChangeResult(memories, isChanged ? origin.Id : null);
        }, cancellationToken);

    private async Task<IReadOnlyList<Change>> ReadAsync(MemoryScope scope, CollectionName collection, ChangeId id, CancellationToken cancellationToken)
    {
        IReadOnlyList<Change> lines = collection.IsInaccessible
            ? []
            : await log.ReadAsync(scope, new ChangeQuery { Collection = collection, Change = id, Limit = MatchingMemories.Max + 1 }, cancellationToken);
        return lines.Count > 0 ? lines : throw new NotThereException($"There is no change {id} in '{collection}'.");
    }
}
