using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Memories;

/// <summary>Asks for one memory by its id.</summary>
public sealed record GetMemoryRequest(CollectionName Collection, MemoryId Id);

/// <summary>Reads one memory, whole.</summary>
public sealed class GetMemory(UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog)
    : IUseCase<GetMemoryRequest, Memory>
{
    internal static readonly Operation Operation = new("resources/read", Rights.Read);

    /// <inheritdoc/>
    /// <exception cref="NotThereException">There is no such memory.</exception>
    public Task<Memory> HandleAsync(Caller caller, GetMemoryRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [request.Id], async collection =>
        {
            var found = await catalog.UseAsync(collection, guard.ScopeOf(caller, Operation), used => store.GetAsync(used.Layout, [request.Id], cancellationToken), absent: [], cancellationToken);
            return found is [var memory] ? memory : throw new NotThereException($"There is no memory {request.Id} in '{collection}'.");
        }, cancellationToken);
}
