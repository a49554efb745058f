using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>Deletes memories: by id at once, by a filter in two steps, so that what goes was seen before.</summary>
public sealed partial class ForgetService(
    IMemoryStore store, ITextEmbedder embedder, CollectionCatalog catalog, PendingForgets pending, ILogger<ForgetService> logger)
{
    /// <summary>More than this at once is refused: a preview of it would show nothing.</summary>
    public const int MaxMemories = 10_000;

    private const int SampleSize = 5;

    public async Task<ForgetResult> ForgetAsync(CollectionName collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);
        var count = await catalog.UseAsync(
            collection, identity, layout => store.DeleteAsync(layout, new MemorySelection.ByIds(ids), cancellationToken), absent: 0L, cancellationToken);

        Forgot(count, collection);
        return new ForgetResult(count, ids);
    }

    /// <summary>Shows what a filter would delete, and gives the code that deletes just that.</summary>
    /// <param name="owner">Who may confirm.</param>
    /// <exception cref="MemoryException">More than <see cref="MaxMemories"/> match, or the filter has no condition.</exception>
    public async Task<ForgetPreview> PreviewAsync(string owner, CollectionName collection, Filter filter, CancellationToken cancellationToken)
    {
        if (filter.MatchesEverything)
            throw new MemoryException("The filter is empty, so it matches every memory. Give at least one condition.");

        var identity = await embedder.IdentifyAsync(cancellationToken);
        var matching = await catalog.UseAsync(collection, identity, layout => MatchingAsync(layout, filter, cancellationToken), absent: [], cancellationToken);
        if (matching.Count == 0)
            return new ForgetPreview(0, [], Code: null, ExpiresAt: null);

        var (code, expiresAt) = pending.Add(owner, collection, [.. matching.Select(memory => memory.Id)]);
        return new ForgetPreview(matching.Count, [.. matching.Take(SampleSize)], code, expiresAt);
    }

    /// <summary>Deletes what a preview showed.</summary>
    /// <exception cref="MemoryException">The code is unknown, used, expired, or somebody else's.</exception>
    public async Task<ForgetResult> ConfirmAsync(string owner, CollectionName collection, string code, CancellationToken cancellationToken) =>
        await ForgetAsync(collection, pending.Take(owner, collection, code), cancellationToken);

    private async Task<IReadOnlyList<Memory>> MatchingAsync(CollectionLayout layout, Filter filter, CancellationToken cancellationToken)
    {
        var matching = new List<Memory>();
        await foreach (var stored in store.ReadAllAsync(layout, LayoutFilter.For(layout, filter), withVectors: false, cancellationToken))
        {
            if (matching.Count == MaxMemories)
                throw new MemoryException($"The filter matches more than {MaxMemories:N0} memories. Narrow it and delete in several steps.");
            matching.Add(stored.Memory);
        }
        return matching;
    }

    [LoggerMessage(LogLevel.Information, "Deleted {Count} memories from {Collection}")]
    private partial void Forgot(long count, CollectionName collection);
}

/// <summary>What a filter would delete.</summary>
/// <param name="Code">Deletes just these, once, until <paramref name="ExpiresAt"/>; null where there is nothing to delete.</param>
public sealed record ForgetPreview(int Count, IReadOnlyList<Memory> Sample, string? Code, DateTimeOffset? ExpiresAt);

/// <summary>What became of memories that were to be deleted.</summary>
/// <param name="Deleted">How many of them there were.</param>
/// <param name="Ids">Those that were to go.</param>
public sealed record ForgetResult(long Deleted, IReadOnlyList<MemoryId> Ids);
