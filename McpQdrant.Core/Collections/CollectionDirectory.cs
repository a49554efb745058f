using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Core.Collections;

/// <summary>Which collections there are, and whether they can be used with the model in force.</summary>
public sealed class CollectionDirectory(IMemoryStore store, ITextEmbedder embedder, CollectionDefaults defaults)
{
    /// <summary>Names of all collections, in ordinal order.</summary>
    public async Task<IReadOnlyList<CollectionName>> NamesAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(cancellationToken)).OrderBy(name => name.Value, StringComparer.Ordinal)];

    /// <param name="names">The collections asked for; those that don't exist are left out.</param>
    public async Task<IReadOnlyList<CollectionEntry>> DescribeAsync(IEnumerable<CollectionName> names, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);
        var entries = new List<CollectionEntry>();
        foreach (var name in names.Where(name => !name.IsInaccessible))
        {
            if (await store.DescribeAsync(name, cancellationToken) is { } info)
                entries.Add(Entry(info, identity));
        }
        return entries;
    }

    private CollectionEntry Entry(CollectionInfo info, EmbeddingIdentity identity)
    {
        var model = CollectionMetadata.Read(info.Metadata)?.Model.Model;
        try
        {
            var layout = CollectionLayoutResolver.Resolve(info, identity, defaults.DocumentField);
            return new CollectionEntry(info.Name, info.Points, model, layout.Keywords is null ? SearchMode.Dense : SearchMode.Hybrid, Problem: null);
        }
        catch (MemoryException unusable)
        {
            return new CollectionEntry(info.Name, info.Points, model, Mode: null, unusable.Message);
        }
    }
}

/// <summary>A collection as a caller sees it.</summary>
/// <param name="Model">The model that wrote it; null where that is not written down.</param>
/// <param name="Mode">How it is searched; null where it can't be used.</param>
/// <param name="Problem">Why it can't be used; null where it can.</param>
public sealed record CollectionEntry(CollectionName Name, long Points, string? Model, SearchMode? Mode, string? Problem);
