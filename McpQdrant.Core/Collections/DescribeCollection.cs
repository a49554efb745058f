using McpQdrant.Core.Access;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>An operator's question about one collection.</summary>
/// <param name="Name">Its name in the store, prefix included.</param>
public sealed record DescribeCollectionRequest(CollectionName Name);

/// <summary>Tells an operator what a collection is.</summary>
public sealed class DescribeCollection(UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog)
    : IUseCase<DescribeCollectionRequest, CollectionEntry?>
{
    private static readonly Operation Operation = new("doctor", Rights.Read | Rights.Administer) { IsForWholeCollections = false };

    /// <inheritdoc/>
    /// <returns>Null where there is no such collection.</returns>
    public Task<CollectionEntry?> HandleAsync(Caller caller, DescribeCollectionRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(
            caller,
            Operation,
            request.Name,
            async () => await store.DescribeAsync(request.Name, cancellationToken) is { } info ? await CollectionEntry.OfAsync(info, guard.ScopeOf(caller, Operation), store, catalog, cancellationToken) : null,
            cancellationToken);
}
