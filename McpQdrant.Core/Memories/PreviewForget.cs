using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>A filter whose memories are perhaps to be deleted.</summary>
public sealed record PreviewForgetRequest(CollectionName Collection, Filter Filter);

/// <summary>What a filter would delete.</summary>
/// <param name="Sample">Some of them.</param>
/// <param name="Code">Deletes just these, as they were shown, until <paramref name="ExpiresAt"/>; null where there is nothing to delete.</param>
/// <param name="NeedsFilter">Whether the filter has to be given again with the code.</param>
public sealed record PreviewForgetResult(
    CollectionName Collection, int Count, IReadOnlyList<Memory> Sample, string? Code, bool NeedsFilter, DateTimeOffset? ExpiresAt);

/// <summary>Shows what a filter would delete, and gives the code by which <see cref="ForgetMemories"/> deletes just that.</summary>
public sealed class PreviewForget(UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog, ConfirmationCodes codes)
    : IUseCase<PreviewForgetRequest, PreviewForgetResult>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Forget);

    /// <inheritdoc/>
    public Task<PreviewForgetResult> HandleAsync(Caller caller, PreviewForgetRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            if (request.Filter.MatchesEverything)
                throw new MemoryException("The filter is empty, so it matches every memory. Give at least one condition.");

            var matching = await catalog.UseAsync(
                collection, guard.ScopeOf(caller, Operation), used => MatchingMemories.ReadAsync(store, used.Layout, request.Filter, cancellationToken), absent: MatchingMemories.None, cancellationToken);
            if (matching.All.Count == 0)
                return new PreviewForgetResult(collection, 0, [], Code: null, NeedsFilter: false, ExpiresAt: null);

            var (code, holdsFilter, expiresAt) = codes.Create(caller.Name, collection, request.Filter, matching.All);
            return new PreviewForgetResult(collection, matching.All.Count, matching.Sample, code, NeedsFilter: !holdsFilter, expiresAt);
        }, cancellationToken);
}
