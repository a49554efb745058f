using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Transfer;

/// <summary>Asks for the memories of a collection that a caller may read, as lines of JSON.</summary>
/// <param name="Collection">As the caller calls it, which is what the file says.</param>
/// <param name="Output">Is written to, and stays open; nothing is written before it is sure that there is such a collection.</param>
public sealed record ExportMemoriesRequest(CollectionName Collection, Stream Output)
{
    /// <summary>What a memory must satisfy; null for all.</summary>
    public Filter? Filter { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Metadata"/>
    public JsonElement? Metadata { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Since"/>
    public string? Since { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Until"/>
    public string? Until { get; init; }
}

/// <summary>What was written.</summary>
public sealed record ExportMemoriesResult(long Memories);

/// <summary>Writes a caller's memories of a collection as <see cref="MemoryLines"/>, by id, without vectors. Only a part of them is in memory at any time.</summary>
/// <remarks><see cref="ExportCollections"/> is for operators: several collections, by their names in the store.</remarks>
public sealed class ExportMemories(UseCaseGuard guard, IMemoryStore store, CollectionDefaults defaults, TimeProvider clock)
    : IUseCase<ExportMemoriesRequest, ExportMemoriesResult>
{
    private static readonly Operation Operation = new("export", Rights.Read);

    /// <inheritdoc/>
    /// <exception cref="NotThereException">There is no such collection.</exception>
    public Task<ExportMemoriesResult> HandleAsync(Caller caller, ExportMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            if (collection.IsInaccessible || await store.DescribeAsync(collection, cancellationToken) is null)
                throw new NotThereException($"There is no collection '{collection}'.");

            var filter = AskedFilter.Of(request.Filter, request.Metadata, request.Since, request.Until, clock.GetUtcNow());
            var source = (await ExportSource.FindAsync(store, defaults, guard.ScopeOf(caller, Operation), [collection], filter, cancellationToken))[0];
            var named = source with { Header = source.Header with { Collection = collection } };
            var written = await named.WriteAsync(store, request.Output, withVectors: false, clock.GetUtcNow(), _ => { }, cancellationToken);
            await request.Output.FlushAsync(cancellationToken);
            return new ExportMemoriesResult(written);
        }, cancellationToken);
}
