using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>A filter whose memories are perhaps to be deleted.</summary>
public sealed record PreviewForgetRequest(CollectionName Collection, Filter Filter);

/// <summary>What a filter would delete.</summary>
/// <param name="Sample">Some of them.</param>
/// <param name="Code">Deletes just these, once, until <paramref name="ExpiresAt"/>; null where there is nothing to delete.</param>
public sealed record PreviewForgetResult(CollectionName Collection, int Count, IReadOnlyList<Memory> Sample, string? Code, DateTimeOffset? ExpiresAt);

/// <summary>Shows what a filter would delete, and gives the code by which <see cref="ForgetMemories"/> deletes just that.</summary>
public sealed class PreviewForget(UseCaseGuard guard, IMemoryStore store, ITextEmbedder embedder, CollectionCatalog catalog, PendingForgets pending)
    : IUseCase<PreviewForgetRequest, PreviewForgetResult>
{
    /// <summary>More than this at once is refused: a sample of it would show nothing.</summary>
    public const int MaxMemories = 10_000;

    private const int SampleSize = 5;

    private static readonly Operation Operation = Operation.Of(ToolName.Forget);

    /// <inheritdoc/>
    public Task<PreviewForgetResult> HandleAsync(Caller caller, PreviewForgetRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            if (request.Filter.MatchesEverything)
                throw new MemoryException("The filter is empty, so it matches every memory. Give at least one condition.");

            var identity = await embedder.IdentifyAsync(cancellationToken);
            var matching = await catalog.UseAsync(collection, identity, layout => MatchingAsync(layout, request.Filter, cancellationToken), absent: [], cancellationToken);
            if (matching.Count == 0)
                return new PreviewForgetResult(collection, 0, [], Code: null, ExpiresAt: null);

            var (code, expiresAt) = pending.Add(caller.Name, collection, [.. matching.Select(memory => memory.Id)]);
            return new PreviewForgetResult(collection, matching.Count, [.. matching.Take(SampleSize)], code, expiresAt);
        }, cancellationToken);

    private async Task<IReadOnlyList<Memory>> MatchingAsync(CollectionLayout layout, Filter filter, CancellationToken cancellationToken)
    {
        var matching = new List<Memory>();
        await foreach (var stored in store.ReadAllAsync(layout, LayoutFilter.For(layout, filter), withVectors: false, cancellationToken))
        {
            if (matching.Count == MaxMemories)
                throw new MemoryException($"The filter matches more than {MaxMemories:N0} memories. Narrow it and delete in several steps.");
            matching.Add(stored.Memory);
        }
        return matching;
    }
}
