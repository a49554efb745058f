using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Adds what memories lack of what is made of their texts, for the commands that upgrade a collection. Each step may be done again.</summary>
public interface ITextMaintenance
{
    /// <summary>The memories without passages, by id; those filled meanwhile are not read again. Most need none: the model reads their texts whole.</summary>
    /// <param name="collection">Its <see cref="CollectionLayout.PassageVectorName"/> says which passages.</param>
    IAsyncEnumerable<Memory> ReadWithoutPassagesAsync(CollectionLayout collection, CancellationToken cancellationToken);

    /// <summary>Adds the passages of each memory, and touches nothing else; memories that were deleted or changed since they were read are passed over.</summary>
    Task FillPassagesAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken);
}
