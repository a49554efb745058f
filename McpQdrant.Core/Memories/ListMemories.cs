using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>Asks what a collection is, and for its newest memories.</summary>
/// <param name="Limit">How many memories at most.</param>
/// <param name="Filter">What a memory must satisfy; null for all.</param>
public sealed record ListMemoriesRequest(CollectionName Collection, int Limit, Filter? Filter = null);

/// <summary>A collection and its memories, the newest first; none where it can't be used.</summary>
public sealed record ListMemoriesResult(CollectionEntry Collection, IReadOnlyList<Memory> Memories);

/// <summary>Reads what a collection is, and its newest memories.</summary>
public sealed class ListMemories(UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog)
    : IUseCase<ListMemoriesRequest, ListMemoriesResult>
{
    /// <inheritdoc/>
    /// <exception cref="MemoryException">There is no such collection.</exception>
    public Task<ListMemoriesResult> HandleAsync(Caller caller, ListMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, GetMemory.Operation, request.Collection, [], async collection =>
        {
            var scope = guard.ScopeOf(caller, GetMemory.Operation);
            var info = collection.IsInaccessible ? null : await store.DescribeAsync(collection, cancellationToken);
            if (info is null)
                throw new MemoryException($"There is no collection '{collection}'.");

            var entry = await CollectionEntry.OfAsync(info, scope, store, catalog, cancellationToken);
            var memories = entry.Problem is null
                ? await catalog.UseAsync(collection, scope, used => store.ReadNewestAsync(used.Layout, LayoutFilter.For(used.Layout, request.Filter), request.Limit, cancellationToken), absent: [], cancellationToken)
                : [];
            return new ListMemoriesResult(entry, memories);
        }, cancellationToken);
}
