using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Core.Collections;

/// <summary>Asks which collections there are.</summary>
public sealed record ListCollectionsRequest;

/// <summary>A collection as a caller sees it.</summary>
/// <param name="Points">Memories in it.</param>
/// <param name="Model">The model that wrote it; null where that is not written down.</param>
/// <param name="Mode">How it is searched; null where it can't be used.</param>
/// <param name="Problem">Why it can't be used; null where it can.</param>
public sealed record CollectionEntry(CollectionName Name, long Points, string? Model, SearchMode? Mode, string? Problem)
{
    /// <summary>Numbers in a vector; null where it can't be used.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Whether memories may expire in it.</summary>
    public bool Expires { get; init; }

    /// <param name="scope">Which of its memories count.</param>
    internal static async Task<CollectionEntry> OfAsync(
        CollectionInfo info, MemoryScope scope, IMemoryStore store, CollectionCatalog catalog, CancellationToken cancellationToken)
    {
        if (scope.IsPinned)
            info = info with { Points = 0 };
        var model = CollectionMetadata.Read(info.Metadata)?.Model.Model;
        try
        {
            var collection = await catalog.ResolveAsync(info, cancellationToken);
            var count = scope.IsPinned ? await store.CountAsync(collection.Layout with { Scope = scope }, filter: null, cancellationToken) : info.Points;
            return new CollectionEntry(info.Name, count, model, collection.Layout.Keywords is null ? SearchMode.Dense : SearchMode.Hybrid, Problem: null)
            {
                Dimensions = collection.Model.Dimensions,
                Expires = info.Expires,
            };
        }
        catch (MemoryException unusable)
        {
            return new CollectionEntry(info.Name, info.Points, model, Mode: null, unusable.Message) { Expires = info.Expires };
        }
    }
}

/// <summary>Lists the collections that a caller may know of, by name, and whether they can be used with the models that this server has.</summary>
public sealed class ListCollections(UseCaseGuard guard, AccessPolicy policy, IMemoryStore store, CollectionCatalog catalog)
    : IUseCase<ListCollectionsRequest, IReadOnlyList<CollectionEntry>>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Collections);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CollectionEntry>> HandleAsync(Caller caller, ListCollectionsRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, inStore: null, async () =>
        {
            var scope = guard.ScopeOf(caller, Operation);
            var entries = new List<CollectionEntry>();
            foreach (var name in policy.Visible(caller, await SortedNamesAsync(store, cancellationToken)))
            {
                if (await DescribeAsync(name, scope, cancellationToken) is { } entry)
                    entries.Add(entry);
            }
            return (IReadOnlyList<CollectionEntry>)entries;
        }, cancellationToken);

    /// <summary>A collection that is broken, or may not be read, is listed with the reason: the others are of use all the same.</summary>
    private async Task<CollectionEntry?> DescribeAsync(CollectionName name, MemoryScope scope, CancellationToken cancellationToken)
    {
        try
        {
            return await store.DescribeAsync(name, cancellationToken) is { } info ? await CollectionEntry.OfAsync(info, scope, store, catalog, cancellationToken) : null;
        }
        catch (MemoryException failure)
        {
            return new CollectionEntry(name, Points: 0, Model: null, Mode: null, failure.Message);
        }
    }

    internal static async Task<IEnumerable<CollectionName>> SortedNamesAsync(IMemoryStore store, CancellationToken cancellationToken) =>
        (await store.ListAsync(cancellationToken)).OrderBy(name => name.Value, StringComparer.Ordinal);
}
