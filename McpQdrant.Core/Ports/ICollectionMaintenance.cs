using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Changes a collection in place, for the commands that upgrade or re-embed one. Only where the operator asked for it.</summary>
/// <remarks>Each step may be done again: what is there already stays, so an interrupted command can be started anew.</remarks>
public interface ICollectionMaintenance : ITextMaintenance
{
    /// <summary>Asks before anything is written whether vectors can be added to a collection that is there.</summary>
    /// <exception cref="MemoryException">The server is too old.</exception>
    Task RequireAddingVectorsAsync(CancellationToken cancellationToken);

    /// <summary>Adds a sparse vector of the weights of words; the memories that are there lack it until it is filled.</summary>
    /// <exception cref="MemoryException">The server is too old, or has a vector of that name that is made otherwise.</exception>
    Task AddSparseVectorAsync(CollectionName collection, string name, CancellationToken cancellationToken);

    /// <inheritdoc cref="AddSparseVectorAsync"/>
    Task AddDenseVectorAsync(CollectionName collection, VectorInfo vector, CancellationToken cancellationToken);

    /// <summary>How many memories lack a vector.</summary>
    Task<long> CountMissingAsync(CollectionLayout collection, string vectorName, CancellationToken cancellationToken);

    /// <summary>The memories that lack a vector, by id; those filled meanwhile are not read again.</summary>
    IAsyncEnumerable<Memory> ReadMissingAsync(CollectionLayout collection, string vectorName, CancellationToken cancellationToken);

    /// <summary>Fills one dense vector of each memory, and touches nothing else; memories that were deleted meanwhile are passed over.</summary>
    Task FillVectorsAsync(
        CollectionLayout collection, string vectorName, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken);

    /// <summary>Fills the keywords of each memory from its text, and touches nothing else; deleted ones are passed over.</summary>
    /// <param name="collection">Its <see cref="CollectionLayout.Keywords"/> say how words are counted.</param>
    Task FillKeywordsAsync(CollectionLayout collection, IReadOnlyList<Memory> memories, CancellationToken cancellationToken);
}
