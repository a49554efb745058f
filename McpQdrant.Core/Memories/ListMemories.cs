using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>Asks what a collection is, and for its newest memories.</summary>
/// <param name="Limit">How many memories at most; 0 for none.</param>
/// <param name="Filter">What a memory must satisfy; null for all.</param>
public sealed record ListMemoriesRequest(CollectionName Collection, int Limit, Filter? Filter = null)
{
    /// <inheritdoc cref="FindMemoriesRequest.Metadata"/>
    public JsonElement? Metadata { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Since"/>
    public string? Since { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Until"/>
    public string? Until { get; init; }

    /// <summary>Only memories that come after this one; null from the newest on.</summary>
    public ListPosition? After { get; init; }
}

/// <summary>A collection and its memories, the newest first; none where it can't be used.</summary>
public sealed record ListMemoriesResult(CollectionEntry Collection, IReadOnlyList<Memory> Memories)
{
    /// <summary>After which there are more; null where these are the last.</summary>
    public ListPosition? Next { get; init; }
}

/// <summary>Reads what a collection is, and its newest memories.</summary>
public sealed class ListMemories(UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog, TimeProvider clock)
    : IUseCase<ListMemoriesRequest, ListMemoriesResult>
{
    /// <inheritdoc/>
    /// <exception cref="NotThereException">There is no such collection.</exception>
    public Task<ListMemoriesResult> HandleAsync(Caller caller, ListMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, GetMemory.Operation, request.Collection, [], async collection =>
        {
            var scope = guard.ScopeOf(caller, GetMemory.Operation);
            var info = collection.IsInaccessible ? null : await store.DescribeAsync(collection, cancellationToken);
            if (info is null)
                throw new NotThereException($"There is no collection '{collection}'.");

            var entry = await CollectionEntry.OfAsync(info, scope, store, catalog, cancellationToken);
            if (entry.Problem is not null || request.Limit == 0)
                return new ListMemoriesResult(entry, []);

            var filter = AskedFilter.Of(request.Filter, request.Metadata, request.Since, request.Until, clock.GetUtcNow());
            // One more than asked for tells whether there are more.
            var memories = await catalog.UseAsync(
                collection, scope, used => store.ReadNewestAsync(used.Layout, LayoutFilter.For(used.Layout, filter), request.Limit + 1, request.After, cancellationToken), absent: [], cancellationToken);
            return memories.Count <= request.Limit
                ? new ListMemoriesResult(entry, memories)
                : new ListMemoriesResult(entry, [.. memories.Take(request.Limit)]) { Next = ListPosition.Of(memories[request.Limit - 1]) };
        }, cancellationToken);
}
