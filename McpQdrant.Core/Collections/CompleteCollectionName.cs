using McpQdrant.Core.Access;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>Asks for the collections whose names begin so, in any case.</summary>
public sealed record CompleteCollectionNameRequest(string Start);

/// <summary>Completes a collection's name while a person types it.</summary>
public sealed class CompleteCollectionName(UseCaseGuard guard, AccessPolicy policy, IMemoryStore store)
    : IUseCase<CompleteCollectionNameRequest, IReadOnlyList<CollectionName>>
{
    private static readonly Operation Operation = new("completion/complete", Rights.Read);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CollectionName>> HandleAsync(Caller caller, CompleteCollectionNameRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, inStore: null, async () => (IReadOnlyList<CollectionName>)
            [
                .. policy.Visible(caller, await ListCollections.SortedNamesAsync(store, cancellationToken))
                    .Where(name => name.ToString().StartsWith(request.Start, StringComparison.OrdinalIgnoreCase)),
            ], cancellationToken);
}
