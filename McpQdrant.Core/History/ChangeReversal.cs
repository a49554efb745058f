using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.History;

/// <summary>What became of one memory of changes that were to be taken back.</summary>
/// <param name="Now">The memory as it is, or would be, after the undo; null where it is not there.</param>
public sealed record UndoneMemory(MemoryId Id, UndoOutcome Outcome, Memory? Now);

/// <summary>What became of one memory of changes that were to be taken back.</summary>
public enum UndoOutcome
{
    /// <summary>It is as it was before the changes, or would be.</summary>
    Undone,

    /// <summary>It was as before the changes already.</summary>
    AlreadyAsBefore,

    /// <summary>It was changed again since, and was left as it is.</summary>
    ChangedSince,

    /// <summary>The later of the changes were taken back, or would be; before them stands a change that was not to be.</summary>
    PartlyUndone,
}

/// <summary>Brings a memory back to what it was before changes, in one step.</summary>
internal sealed class ChangeReversal(IMemoryStore store, TimeProvider clock)
{
    /// <param name="changes">Of any memories of the collection, the newest first.</param>
    /// <param name="origin">The change that this is itself.</param>
    public async Task<IReadOnlyList<UndoneMemory>> UndoAllAsync(
        UsableCollection collection, IEnumerable<Change> changes, bool isPreview, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var undone = new List<UndoneMemory>();
        foreach (var memory in changes.GroupBy(change => change.Memory))
            undone.Add(await UndoAsync(collection, [.. memory], isPreview, origin, cancellationToken));
        return undone;
    }

    /// <param name="changes">Of one memory, the newest first.</param>
    /// <param name="origin">The change that this is itself.</param>
    public async Task<UndoneMemory> UndoAsync(
        UsableCollection collection, IReadOnlyList<Change> changes, bool isPreview, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var layout = collection.Layout;
        var id = changes[0].Memory;
        var attempts = new ChangeAttempts();
        (StoredMemoryContent Target, StoredMemory Embedded)? restored = null;
        while (true)
        {
            var now = (await store.GetAsync(layout, [id], cancellationToken)).SingleOrDefault();
            var (outcome, target) = Plan(now, changes);
            // What comes back although its time is over would be found by nobody.
            if (target?.Memory.ExpiresAt <= clock.GetUtcNow())
                target = target with { Memory = target.Memory with { ExpiresAt = null } };
            if (outcome is UndoOutcome.AlreadyAsBefore or UndoOutcome.ChangedSince)
                return new UndoneMemory(id, outcome, now);
            if (isPreview)
                return new UndoneMemory(id, outcome, target?.Memory);

            // It is what it was before, in a state of its own: no number stands for two contents.
            if (target is not null)
                target = target with { Memory = target.Memory with { RevisionNumber = Math.Max(target.Memory.RevisionNumber, now?.RevisionNumber ?? 0) + 1 } };
            if (target is not null && restored?.Target != target)
                restored = (target, (await DocumentEmbedding.CreateAsync(collection, target.Memory.Text, cancellationToken)).Of(target.Memory) with { Others = target.Others });
            if (await WriteAsync(layout, id, now, target is null ? null : restored?.Embedded, origin, cancellationToken))
                return new UndoneMemory(id, outcome, target?.Memory);

            await attempts.NextAsync(id, layout.Name, cancellationToken);
        }
    }

    /// <summary>Goes back from what is there now, change by change, as far as each left what the next one found.</summary>
    /// <returns>Null for a target where there was no memory.</returns>
    private static (UndoOutcome Outcome, StoredMemoryContent? Target) Plan(Memory? now, IReadOnlyList<Change> changes)
    {
        if (ChangeChain.Starts(changes, HashOf(now)) is [var start])
            return HashOf(start?.Memory) == HashOf(now) ? (UndoOutcome.AlreadyAsBefore, null) : (UndoOutcome.Undone, start);

        StoredMemoryContent? target = null;
        var (hash, first) = (HashOf(now), HashOf(now));
        var (last, hasMoved) = (UndoOutcome.AlreadyAsBefore, false);
        foreach (var change in changes)
        {
            var before = HashOf(change.Before?.Memory);
            last = hash == before ? UndoOutcome.AlreadyAsBefore : hash == change.After ? UndoOutcome.Undone : UndoOutcome.ChangedSince;
            if (last != UndoOutcome.Undone)
                continue;

            (hash, target, hasMoved) = (before, change.Before, true);
        }

        if (!hasMoved)
            return (last, null);
        if (last == UndoOutcome.ChangedSince)
            return (UndoOutcome.PartlyUndone, target);
        return (hash == first ? UndoOutcome.AlreadyAsBefore : UndoOutcome.Undone, target);
    }

    private static string? HashOf(Memory? memory) => memory is null ? null : ContentHash.Of(memory);

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
