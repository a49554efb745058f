using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Makes what memories lack of what is made of their texts, for the commands that upgrade a collection. Each step may be done again.</summary>
public interface ITextMaintenance
{
    /// <summary>The memories without passages, by id; those filled meanwhile are not read again. Most need none: the model reads their texts whole.</summary>
    /// <param name="collection">Its <see cref="CollectionLayout.PassageVectorName"/> says which passages.</param>
    IAsyncEnumerable<Memory> ReadWithoutPassagesAsync(CollectionLayout collection, CancellationToken cancellationToken);

    /// <summary>Adds the passages of each memory, and touches nothing else; memories that were deleted or changed since they were read are passed over.</summary>
    Task FillPassagesAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken);

    /// <summary>Makes the keywords of each memory anew from its text, and touches nothing else; memories that were deleted or changed since they were read are passed over.</summary>
    /// <param name="collection">Its <see cref="CollectionLayout.Keywords"/> say how words are counted.</param>
    Task RewriteKeywordsAsync(CollectionLayout collection, IReadOnlyList<Memory> memories, CancellationToken cancellationToken);

    /// <summary>Writes one of the collection's notes; the others stay.</summary>
    Task WriteMetadataAsync(CollectionName collection, string key, JsonElement value, CancellationToken cancellationToken);
}
