using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Memories;

/// <summary>Memories to delete: those with these ids, or those that a preview showed.</summary>
/// <param name="Confirmation">The code that the preview gave; null to delete <paramref name="Ids"/>.</param>
public sealed record ForgetMemoriesRequest(CollectionName Collection, IReadOnlyList<MemoryId> Ids, string? Confirmation = null);

/// <summary>What became of memories that were to be deleted.</summary>
/// <param name="Deleted">How many of them there were.</param>
/// <param name="Touched">Those that were to go.</param>
public sealed record ForgetMemoriesResult(CollectionName Collection, long Deleted, IReadOnlyList<MemoryId> Touched) : IChange
{
    public string? Outcome => Collection.IsInaccessible ? null : $"deleted {Deleted} of {Touched.Count}";
}

/// <summary>Deletes memories, for good.</summary>
public sealed partial class ForgetMemories(
    UseCaseGuard guard, IMemoryStore store, ITextEmbedder embedder, CollectionCatalog catalog, PendingForgets pending, ILogger<ForgetMemories> logger)
    : IUseCase<ForgetMemoriesRequest, ForgetMemoriesResult>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Forget);

    /// <inheritdoc/>
    public Task<ForgetMemoriesResult> HandleAsync(Caller caller, ForgetMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, request.Ids, async collection =>
        {
            var ids = request.Confirmation is { } code ? pending.Take(caller.Name, collection, code) : request.Ids;
            var identity = await embedder.IdentifyAsync(cancellationToken);
            var count = await catalog.UseAsync(
                collection, identity, layout => store.DeleteAsync(layout, new MemorySelection.ByIds(ids), cancellationToken), absent: 0L, cancellationToken);

            Forgot(count, collection);
            return new ForgetMemoriesResult(collection, count, ids);
        }, cancellationToken);

    [LoggerMessage(LogLevel.Information, "Deleted {Count} memories from {Collection}")]
    private partial void Forgot(long count, CollectionName collection);
}
