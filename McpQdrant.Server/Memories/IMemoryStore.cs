using McpQdrant.Server.Filters;

namespace McpQdrant.Server.Memories;

/// <summary>Where memories live. Two houses: Qdrant, and one embedded in this process; a contract suite says what both must do.</summary>
/// <remarks>
/// Every method may throw <see cref="MemoryException"/> (the message says what to do) and, where it takes a layout,
/// <see cref="StaleCollectionException"/>. A call that has returned has happened: it survives the end of the process and of the machine.
/// Results are ordered by score, highest first, and by id where scores are equal.
/// </remarks>
internal interface IMemoryStore
{
    Task<IReadOnlyList<CollectionName>> ListAsync(CancellationToken cancellationToken);

    /// <returns>Null where there is no such collection.</returns>
    Task<CollectionInfo?> DescribeAsync(CollectionName collection, CancellationToken cancellationToken);

    /// <summary>Makes a collection; succeeds where another caller was faster.</summary>
    Task CreateAsync(CollectionSpec spec, CancellationToken cancellationToken);

    /// <summary>Stores memories whole; one with a known id replaces the earlier one.</summary>
    Task UpsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken);

    /// <summary>Replaces a memory that is there, in one step, and leaves what other programs keep with it: other fields, other vectors.</summary>
    Task UpdateAsync(CollectionLayout collection, StoredMemory memory, CancellationToken cancellationToken);

    Task<IReadOnlyList<ScoredMemory>> SearchAsync(CollectionLayout collection, MemorySearch search, CancellationToken cancellationToken);

    /// <summary>In the order asked for, each once; unknown ids are left out.</summary>
    Task<IReadOnlyList<Memory>> GetAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken);

    Task<long> CountAsync(CollectionLayout collection, Filter? filter, CancellationToken cancellationToken);

    /// <returns>How many were there and are gone.</returns>
    Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, CancellationToken cancellationToken);

    /// <summary>All memories, by id; what is written meanwhile may or may not appear.</summary>
    /// <param name="withVectors">Whether to bring their vectors too, which are most of what there is to bring.</param>
    IAsyncEnumerable<StoredMemory> ReadAllAsync(CollectionLayout collection, Filter? filter, bool withVectors, CancellationToken cancellationToken);
}
