using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>Memories to delete: those with these ids, or those that a preview showed.</summary>
/// <param name="Confirmation">The code that the preview gave; null to delete <paramref name="Ids"/>, whatever they hold by now.</param>
/// <param name="Filter">With a code: the filter of the preview. It may be left out where the code holds it, or where the ids are given.</param>
public sealed record ForgetMemoriesRequest(CollectionName Collection, IReadOnlyList<MemoryId> Ids, string? Confirmation = null, Filter? Filter = null)
{
    /// <summary>Says in which states the memories of the ids may be deleted: the caller knows them. Null for any.</summary>
    public Func<MemoryRevision, bool>? IsExpected { get; init; }
}

/// <summary>What became of memories that were to be deleted.</summary>
/// <param name="Deleted">How many of them there were.</param>
/// <param name="Touched">Those that were to go.</param>
public sealed record ForgetMemoriesResult(CollectionName Collection, long Deleted, IReadOnlyList<MemoryId> Touched) : IChange
{
    /// <summary>Those that were changed in the moment before the deletion, and stay; 0 where it was by ids.</summary>
    public long Changed { get; init; }

    /// <summary>The change by which it can be undone; null where nothing was deleted, and where no log of changes is kept.</summary>
    public ChangeId? Change { get; init; }

    public string? Outcome => Collection.IsInaccessible ? null : $"deleted {Deleted} of {Touched.Count}";
}

/// <summary>Deletes memories. Where a log of changes is kept, they can be brought back from it.</summary>
public sealed partial class ForgetMemories(
    UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog, ConfirmationCodes codes, ChangeHistory history,
    ILogger<ForgetMemories> logger)
    : IUseCase<ForgetMemoriesRequest, ForgetMemoriesResult>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Forget);

    /// <inheritdoc/>
    public Task<ForgetMemoriesResult> HandleAsync(Caller caller, ForgetMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, request.Ids, async collection =>
        {
            var confirmation = request.Confirmation is { } code ? codes.Read(caller.Name, collection, code) : null;
            var origin = history.Begin(caller, Operation);
            var result = await catalog.UseAsync(
                collection,
                guard.ScopeOf(caller, Operation),
                used => confirmation is null ? DeleteAsync(used.Layout, request, origin, cancellationToken) : ConfirmAsync(used.Layout, request, confirmation, origin, cancellationToken),
                absent: new ForgetMemoriesResult(collection, 0, request.Ids),
                cancellationToken);

            Forgot(result.Deleted, collection);
            return result with { Change = result.Deleted > 0 ? origin?.Id : null };
        }, cancellationToken);

    private async Task<ForgetMemoriesResult> DeleteAsync(
        CollectionLayout layout, ForgetMemoriesRequest request, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        if (request.IsExpected is null)
            return new ForgetMemoriesResult(layout.Name, await store.DeleteAsync(layout, new MemorySelection.ByIds(request.Ids), origin, cancellationToken), request.Ids);

        var attempts = new ChangeAttempts();
        while (true)
        {
            var read = await store.GetAsync(layout, request.Ids, cancellationToken);
            foreach (var memory in read)
                RevisionCheck.Require(request.IsExpected, memory, layout.Name);
            var deleted = await store.DeleteAsync(layout, new MemorySelection.ByRevisions([.. read.Select(memory => new ReadMemory(memory.Id, memory.Revision))]), origin, cancellationToken);
            if (deleted > 0 || read.Count == 0)
                return new ForgetMemoriesResult(layout.Name, deleted, request.Ids) { Changed = read.Count - deleted };

            await attempts.NextAsync(request.Ids[0], layout.Name, cancellationToken);
        }
    }

    /// <exception cref="MemoryException">What was shown is no longer what is there.</exception>
    private async Task<ForgetMemoriesResult> ConfirmAsync(
        CollectionLayout layout, ForgetMemoriesRequest request, Confirmation confirmation, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        var now = await ReadAsync(layout, request, confirmation, cancellationToken);
        if (!confirmation.IsOf(now))
            throw new MemoryException(
                "Nothing was deleted, since what is there is not what was shown: memories were changed, added or deleted after this code was given. "
                + "Ask again with the filter alone to see what it matches now.");

        var deleted = await store.DeleteAsync(layout, new MemorySelection.ByRevisions(now), origin, cancellationToken);
        return new ForgetMemoriesResult(layout.Name, deleted, [.. now.Select(memory => memory.Id)]) { Changed = now.Count - deleted };
    }

    private async Task<IReadOnlyList<ReadMemory>> ReadAsync(
        CollectionLayout layout, ForgetMemoriesRequest request, Confirmation confirmation, CancellationToken cancellationToken)
    {
        if (request.Ids.Count > 0)
            return [.. (await store.GetAsync(layout, request.Ids, cancellationToken)).Select(memory => new ReadMemory(memory.Id, memory.Revision))];

        var filter = request.Filter ?? confirmation.Filter
            ?? throw new MemoryException("The filter was too long to be kept in this confirmation code. Nothing was deleted; give the code and the same filter together.");
        return (await MatchingMemories.ReadAsync(store, layout, filter, cancellationToken)).All;
    }

    [LoggerMessage(LogLevel.Information, "Deleted {Count} memories from {Collection}")]
    private partial void Forgot(long count, CollectionName collection);
}
