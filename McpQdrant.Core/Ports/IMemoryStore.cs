using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Ports;

/// <summary>Where memories live. Two stores: Qdrant, and one embedded in this process; a contract suite says what both must do.</summary>
/// <remarks>
/// Every method may throw <see cref="MemoryException"/> (the message says what to do) and, where it takes a layout,
/// <see cref="StaleCollectionException"/>. A call that has returned has happened: it survives the end of the process and of the machine.
/// Results are ordered by score, highest first, and by id where scores are equal.
/// </remarks>
public interface IMemoryStore
{
    Task<IReadOnlyList<CollectionName>> ListAsync(CancellationToken cancellationToken);

    /// <returns>Null where there is no such collection.</returns>
    Task<CollectionInfo?> DescribeAsync(CollectionName collection, CancellationToken cancellationToken);

    /// <summary>Makes a collection; succeeds where another caller was faster.</summary>
    Task CreateAsync(CollectionSpec spec, CancellationToken cancellationToken);

    /// <summary>Stores memories whole; one with a known id replaces the earlier one.</summary>
    Task UpsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken);

    /// <summary>Stores memories whose ids are free; those whose ids are taken stay as they are, whoever was faster.</summary>
    /// <param name="origin">By which the log of changes gets a line for each memory that was stored; null for no line.</param>
    /// <returns>The ids of the memories that were stored.</returns>
    Task<IReadOnlyList<MemoryId>> InsertAsync(
        CollectionLayout collection, IReadOnlyList<StoredMemory> memories, ChangeOrigin? origin, CancellationToken cancellationToken);

    /// <inheritdoc cref="InsertAsync(CollectionLayout, IReadOnlyList{StoredMemory}, ChangeOrigin?, CancellationToken)"/>
    /// <remarks>Writes no line to the log of changes.</remarks>
    Task<IReadOnlyList<MemoryId>> InsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken) =>
        InsertAsync(collection, memories, origin: null, cancellationToken);

    /// <summary>
    /// Replaces a memory in one step if it is still as it was read, and leaves what other programs keep with it: other fields, other vectors.
    /// </summary>
    /// <param name="read">The revision of what the new memory was made from.</param>
    /// <param name="origin">By which the log of changes gets what was there before; null for no line.</param>
    /// <returns>False where the memory was changed or deleted since; then nothing was written.</returns>
    Task<bool> ReplaceAsync(CollectionLayout collection, StoredMemory memory, MemoryRevision read, ChangeOrigin? origin, CancellationToken cancellationToken);

    /// <inheritdoc cref="ReplaceAsync(CollectionLayout, StoredMemory, MemoryRevision, ChangeOrigin?, CancellationToken)"/>
    /// <remarks>Writes no line to the log of changes.</remarks>
    Task<bool> ReplaceAsync(CollectionLayout collection, StoredMemory memory, MemoryRevision read, CancellationToken cancellationToken) =>
        ReplaceAsync(collection, memory, read, origin: null, cancellationToken);

    Task<IReadOnlyList<SearchHit>> SearchAsync(CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken);

    /// <summary>In the order asked for, each once; unknown ids are left out.</summary>
    Task<IReadOnlyList<Memory>> GetAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken);

    /// <summary>The memories that were first stored last, the newest first; those without a time come last, and equally old ones by id.</summary>
    /// <param name="filter">What a memory must satisfy; null for all.</param>
    /// <param name="after">Only those that come after this one in that order, whether it is still there or not; null from the newest on.</param>
    Task<IReadOnlyList<Memory>> ReadNewestAsync(CollectionLayout collection, Filter? filter, int limit, ListPosition? after, CancellationToken cancellationToken);

    /// <inheritdoc cref="ReadNewestAsync(CollectionLayout, Filter?, int, ListPosition?, CancellationToken)"/>
    Task<IReadOnlyList<Memory>> ReadNewestAsync(CollectionLayout collection, Filter? filter, int limit, CancellationToken cancellationToken) =>
        ReadNewestAsync(collection, filter, limit, after: null, cancellationToken);

    Task<long> CountAsync(CollectionLayout collection, Filter? filter, CancellationToken cancellationToken);

    /// <param name="origin">By which the log of changes gets what was there before; null for no line.</param>
    /// <returns>How many were there and are gone.</returns>
    Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, ChangeOrigin? origin, CancellationToken cancellationToken);

    /// <inheritdoc cref="DeleteAsync(CollectionLayout, MemorySelection, ChangeOrigin?, CancellationToken)"/>
    /// <remarks>Writes no line to the log of changes.</remarks>
    Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, CancellationToken cancellationToken) =>
        DeleteAsync(collection, selection, origin: null, cancellationToken);

    /// <summary>All memories, by id; what is written meanwhile may or may not appear.</summary>
    /// <param name="withVectors">Whether to bring their vectors too, which are most of what there is to bring.</param>
    IAsyncEnumerable<StoredMemory> ReadAllAsync(CollectionLayout collection, Filter? filter, bool withVectors, CancellationToken cancellationToken);
}

/// <summary>Where a memory stands among those of its collection, the newest first.</summary>
/// <param name="FirstStoredAt">Null for a memory without a time.</param>
public readonly record struct ListPosition(DateTimeOffset? FirstStoredAt, MemoryId Id) : IComparable<ListPosition>
{
    public static ListPosition Of(Memory memory) => new(memory.FirstStoredAt, memory.Id);

    /// <summary>Newer ones are lesser; equally old ones go by id.</summary>
    public int CompareTo(ListPosition other) =>
        (other.FirstStoredAt ?? DateTimeOffset.MinValue).CompareTo(FirstStoredAt ?? DateTimeOffset.MinValue) is not 0 and var byTime ? byTime : Id.CompareTo(other.Id);

    public static bool operator <(ListPosition left, ListPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(ListPosition left, ListPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(ListPosition left, ListPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ListPosition left, ListPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>A collection to be made: what the Python server makes, plus keywords, and indexes of the fields one filters by.</summary>
public sealed record CollectionSpec
{
    public required CollectionName Name { get; init; }

    public required EmbeddingIdentity Model { get; init; }

    public Bm25Options Keywords { get; init; } = Bm25Options.Default;

    /// <summary>Payload paths to index, with their types.</summary>
    public IReadOnlyList<IndexedField> IndexedFields { get; init; } = [];
}

/// <summary>A memory with what it is searched by.</summary>
/// <param name="Vector">Its place in the embedding space; null for a memory without one (another program may write such).</param>
public sealed record StoredMemory(Memory Memory, SemanticVector? Vector)
{
    /// <summary>
    /// The vectors of its passages, in their order, where the model doesn't read the text whole: what the memory is searched by besides its own vector.
    /// Stores that bring memories bring them without.
    /// </summary>
    public IReadOnlyList<SemanticVector> Passages { get; init; } = [];

    /// <summary>Fields that another program keeps beside text and metadata: an object; null for none.</summary>
    public JsonElement? Others { get; init; }
}

/// <summary>Which state of a memory was read.</summary>
public readonly record struct ReadMemory(MemoryId Id, MemoryRevision Revision);

/// <summary>Which memories to delete.</summary>
public abstract record MemorySelection
{
    private MemorySelection()
    {
    }

    /// <summary>Whatever these memories hold by now.</summary>
    public sealed record ByIds(IReadOnlyList<MemoryId> Ids) : MemorySelection;

    /// <summary>These memories, as far as they are still as they were read; one that was changed since stays.</summary>
    public sealed record ByRevisions(IReadOnlyList<ReadMemory> Read) : MemorySelection;
}
