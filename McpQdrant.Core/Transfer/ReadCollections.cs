using System.Runtime.CompilerServices;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Transfer;

/// <summary>Asks for the memories of collections, to be imported into another store.</summary>
/// <param name="Names">Their names in the store, prefix included; none for all that there are.</param>
public sealed record ReadCollectionsRequest(IReadOnlyList<CollectionName> Names)
{
    /// <summary>What a memory must satisfy; null for all.</summary>
    public Filter? Filter { get; init; }

    public bool WithVectors { get; init; } = true;
}

/// <summary>What there is.</summary>
/// <param name="Entries">Is read while somebody enumerates it, by id.</param>
public sealed record ReadCollectionsResult(IReadOnlyList<CollectionName> Collections, long Memories, IAsyncEnumerable<ImportEntry> Entries);

/// <summary>Reads collections as an import takes them. The model is not needed for it.</summary>
public sealed class ReadCollections(UseCaseGuard guard, IMemoryStore store, CollectionDefaults defaults) : IUseCase<ReadCollectionsRequest, ReadCollectionsResult>
{
    private static readonly Operation Operation = new("copy", Rights.Read | Rights.Administer) { IsForWholeCollections = false };

    /// <inheritdoc/>
    /// <exception cref="MemoryException">There is no such collection, or none at all.</exception>
    public Task<ReadCollectionsResult> HandleAsync(Caller caller, ReadCollectionsRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Names is [var only] ? only : null, async () =>
        {
            var sources = await ExportSource.FindAsync(store, defaults, guard.ScopeOf(caller, Operation), request.Names, request.Filter, cancellationToken);
            return new ReadCollectionsResult([.. sources.Select(source => source.Layout.Name)], sources.Sum(source => source.Header.Memories), ReadAsync(sources, request.WithVectors, cancellationToken));
        }, cancellationToken);

    private async IAsyncEnumerable<ImportEntry> ReadAsync(IReadOnlyList<ExportSource> sources, bool withVectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (layout, filter, header) in sources)
        {
            yield return new ImportEntry.Header($"'{layout.Name}'", header);
            await foreach (var stored in store.ReadAllAsync(layout, filter, withVectors, cancellationToken))
                yield return new ImportEntry.Item($"'{layout.Name}', {stored.Memory.Id}", ToImported(stored));
        }
    }

    private static ImportedMemory ToImported(StoredMemory stored) => new(stored.Memory.Text, stored.Memory.Metadata)
    {
        Id = stored.Memory.Id,
        Created = stored.Memory.ChangedAt is null ? stored.Memory.StoredAt : stored.Memory.FirstStoredAt,
        Updated = stored.Memory.ChangedAt,
        Expires = stored.Memory.ExpiresAt,
        By = stored.Memory.By,
        Revision = stored.Memory.RevisionNumber,
        Others = stored.Others,
        Vector = stored.Vector is SemanticVector.Embedded { Values: var values } ? values : null,
    };
}
