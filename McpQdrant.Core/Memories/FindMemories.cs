using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Memories;

/// <summary>A question to a collection.</summary>
/// <param name="Query">The question, not blank.</param>
/// <param name="Filter">What a memory must satisfy; null for all.</param>
public sealed record FindMemoriesRequest(CollectionName Collection, string Query, Filter? Filter = null);

/// <summary>What bears on a question, best first.</summary>
/// <param name="Mode">How the collection was searched.</param>
/// <param name="CollectionExists">False where there is no such collection, or it is not the caller's.</param>
public sealed record FindMemoriesResult(IReadOnlyList<SearchHit> Hits, SearchMode Mode, bool CollectionExists)
{
    /// <summary>Where there is no such collection: those that the caller may see whose names are most like it, the nearest first.</summary>
    public IReadOnlyList<CollectionName> NearestCollections { get; init; } = [];
}

/// <summary>Finds what bears on a question.</summary>
public sealed class FindMemories(
    UseCaseGuard guard, AccessPolicy policy, IMemoryStore store, ITextEmbedder embedder, CollectionCatalog catalog, SearchOptions options, TimeProvider clock)
    : IUseCase<FindMemoriesRequest, FindMemoriesResult>
{
    private const int MaxNearest = 3;

    private static readonly Operation Operation = Operation.Of(ToolName.Find);

    /// <inheritdoc/>
    public Task<FindMemoriesResult> HandleAsync(Caller caller, FindMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            var identity = await embedder.IdentifyAsync(cancellationToken);
            var found = await catalog.UseAsync(
                collection,
                identity,
                layout => SearchAsync(layout, request, cancellationToken),
                absent: new FindMemoriesResult([], options.Mode, CollectionExists: false),
                cancellationToken);

            MemoryMetrics.Found(collection.Value, found.Mode.ToString().ToLowerInvariant(), found.Hits.Count);
            return found.CollectionExists ? found : found with { NearestCollections = await NearestAsync(caller, request.Collection, cancellationToken) };
        }, cancellationToken);

    private async Task<FindMemoriesResult> SearchAsync(CollectionLayout layout, FindMemoriesRequest request, CancellationToken cancellationToken)
    {
        // A model that has an id may ask for the memory by it. Nothing else is written like a UUID.
        if (request.Filter is null && Guid.TryParse(request.Query, out var uuid)
            && await store.GetAsync(layout, [new MemoryId(uuid)], cancellationToken) is [var named])
            return new FindMemoriesResult([new SearchHit(named, Score: 1, Similarity: null, KeywordRank: null)], options.Mode, CollectionExists: true);

        var mode = layout.Keywords is null ? SearchMode.Dense : options.Mode;
        var hits = await store.SearchAsync(layout, new SearchRequest
        {
            Vector = mode == SearchMode.Keyword ? null : (await embedder.EmbedQueryAsync(request.Query, cancellationToken)).Vector,
            Keywords = mode == SearchMode.Dense ? null : request.Query,
            Filter = LayoutFilter.For(layout, request.Filter),
            Limit = options.Limit,
            SimilarityThreshold = options.SimilarityThreshold,
            Recency = options.RecencyHalfLife is { } halfLife ? new Recency(halfLife, clock.GetUtcNow()) : null,
            Diversity = options.Diversity,
        }, cancellationToken);
        return new FindMemoriesResult(hits, mode, CollectionExists: true);
    }

    private async Task<IReadOnlyList<CollectionName>> NearestAsync(Caller caller, CollectionName asked, CancellationToken cancellationToken) =>
    [
        .. policy.Visible(caller, await store.ListAsync(cancellationToken))
            .OrderBy(name => EditDistance.Between(asked.ToString(), name.ToString(), limit: CollectionName.MaxBytes))
            .ThenBy(name => name.ToString(), StringComparer.Ordinal)
            .Take(MaxNearest),
    ];
}
