using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.History;

/// <summary>A change to be taken back.</summary>
/// <param name="Collection">Where it was made.</param>
/// <param name="IsPreview">Only tells what would happen.</param>
/// <param name="ByOperator">
/// An operator takes back anybody's change, and names the collection as the store does. Others take back their own, for as long as <see cref="UndoChange.OwnChangesFor"/>.
/// </param>
public sealed record UndoChangeRequest(CollectionName Collection, ChangeId Change, bool IsPreview = false, bool ByOperator = false);

/// <summary>What became of a change that was to be taken back.</summary>
/// <param name="Memories">Each memory that the change was of.</param>
/// <param name="UndoneBy">The change that took it back, which can itself be taken back; null where nothing was changed.</param>
public sealed record UndoChangeResult(IReadOnlyList<UndoneMemory> Memories, ChangeId? UndoneBy) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [.. Memories.Select(memory => memory.Id)];

    public string? Outcome => UndoneBy is null ? null : $"undone {Memories.Count(memory => memory.Outcome == UndoOutcome.Undone)} of {Memories.Count}";
}

/// <summary>What became of one memory.</summary>
/// <param name="Now">The memory as it is, or would be, after the undo; null where it is not there.</param>
public sealed record UndoneMemory(MemoryId Id, UndoOutcome Outcome, Memory? Now);

/// <summary>What became of one memory of a change that was to be taken back.</summary>
public enum UndoOutcome
{
    /// <summary>It is as it was before the change, or would be.</summary>
    Undone,

    /// <summary>It was as before the change already.</summary>
    AlreadyAsBefore,

    /// <summary>It was changed again since, and was left as it is.</summary>
    ChangedSince,
}

/// <summary>Brings memories back to what they were before a change. That is a change too, and can be taken back.</summary>
public sealed class UndoChange(
    UseCaseGuard guard, IMemoryStore store, IChangeLog log, ITextEmbedder embedder, CollectionCatalog catalog, ChangeHistory history, TimeProvider clock)
    : IUseCase<UndoChangeRequest, UndoChangeResult>
{
    /// <summary>For how long callers may take back what they did themselves.</summary>
    public static readonly TimeSpan OwnChangesFor = TimeSpan.FromHours(1);

    private static readonly Operation Operation = Operation.Of(ToolName.Undo);

    private static readonly Operation OperatorsOperation = new("undo", Rights.Administer);

    /// <inheritdoc/>
    public Task<UndoChangeResult> HandleAsync(Caller caller, UndoChangeRequest request, CancellationToken cancellationToken) => request.ByOperator
        ? guard.RunAsync(
            caller, OperatorsOperation, request.Collection, () => UndoAsync(caller, OperatorsOperation, request, request.Collection, cancellationToken), cancellationToken)
        : guard.RunAsync(
            caller, Operation, request.Collection, [], collection => UndoAsync(caller, Operation, request, collection, cancellationToken), cancellationToken);

    private async Task<UndoChangeResult> UndoAsync(
        Caller caller, Operation operation, UndoChangeRequest request, CollectionName collection, CancellationToken cancellationToken)
    {
        var origin = history.Begin(caller, operation)
            ?? throw new MemoryException("No log of changes is kept, so nothing can be undone: MEMORY_HISTORY is off.");
        IReadOnlyList<Change> changes = collection.IsInaccessible
            ? []
            : await log.ReadChangesAsync(new ChangeQuery { Collection = collection, Change = request.Change, Limit = MatchingMemories.Max }, cancellationToken);
        if (changes.Count == 0 || !request.ByOperator && changes[0].Origin.By != caller.Name)
            throw new MemoryException($"There is no change {request.Change} {(request.ByOperator ? "" : "of yours ")}in '{collection}'. Take its id from the answer to the change.");
        if (!request.ByOperator && changes[0].Origin.At < clock.GetUtcNow() - OwnChangesFor)
            throw new MemoryException("That change is more than an hour old, so only the operator of this server can undo it.");

        var identity = await embedder.IdentifyAsync(cancellationToken);
        var memories = await catalog.UseAsync<IReadOnlyList<UndoneMemory>?>(
            collection, identity, layout => UndoAsync(layout, changes, request.IsPreview, origin, cancellationToken), absent: null, cancellationToken)
            ?? throw new MemoryException($"The collection '{collection}' is gone.");
        return new UndoChangeResult(memories, request.IsPreview || memories.All(memory => memory.Outcome != UndoOutcome.Undone) ? null : origin.Id);
    }

    private async Task<IReadOnlyList<UndoneMemory>?> UndoAsync(
        CollectionLayout layout, IReadOnlyList<Change> changes, bool isPreview, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var undone = new List<UndoneMemory>(changes.Count);
        foreach (var change in changes)
            undone.Add(await UndoAsync(layout, change, isPreview, origin, cancellationToken));
        return undone;
    }

    private async Task<UndoneMemory> UndoAsync(CollectionLayout layout, Change change, bool isPreview, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var before = change.Before?.Memory;
        var attempts = new ChangeAttempts();
        StoredMemory? restored = null;
        while (true)
        {
            var now = (await store.GetAsync(layout, [change.Memory], cancellationToken)).SingleOrDefault();
            var hash = now is null ? null : ContentHash.Of(now);
            if (hash == (before is null ? null : ContentHash.Of(before)))
                return new UndoneMemory(change.Memory, UndoOutcome.AlreadyAsBefore, now);
            if (hash != change.After)
                return new UndoneMemory(change.Memory, UndoOutcome.ChangedSince, now);
            if (isPreview)
                return new UndoneMemory(change.Memory, UndoOutcome.Undone, before);

            if (before is not null && restored is null)
                restored = (await DocumentEmbedding.CreateAsync(embedder, layout, before.Text, cancellationToken)).Of(before) with { Others = change.Before!.Others };
            if (await WriteAsync(layout, change.Memory, now, restored, origin, cancellationToken))
                return new UndoneMemory(change.Memory, UndoOutcome.Undone, before);

            await attempts.NextAsync(change.Memory, layout.Name, cancellationToken);
        }
    }

    /// <returns>False where another change was faster.</returns>
    private async Task<bool> WriteAsync(
        CollectionLayout layout, MemoryId id, Memory? now, StoredMemory? restored, ChangeOrigin origin, CancellationToken cancellationToken) => (now, restored) switch
        {
            (null, { } memory) => await store.InsertAsync(layout, [memory], origin, cancellationToken) is [_],
            ({ } read, null) => await store.DeleteAsync(layout, new MemorySelection.ByRevisions([new ReadMemory(id, read.Revision)]), origin, cancellationToken) == 1,
            ({ } read, { } memory) => await store.ReplaceAsync(layout, memory, read.Revision, origin, cancellationToken),
            (null, null) => true,
        };
}
