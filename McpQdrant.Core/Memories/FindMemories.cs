using System.Collections.Concurrent;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Memories;

/// <summary>A question to a collection, or to all that the caller may read.</summary>
/// <param name="Collection">Null for all.</param>
/// <param name="Query">The question, not blank; null for the newest memories.</param>
/// <param name="Filter">What a memory must satisfy besides; null for all.</param>
public sealed record FindMemoriesRequest(CollectionName? Collection, string? Query, Filter? Filter = null)
{
    /// <summary>An object of fields and the values that they must have exactly; of an array, any of its values. Null for none.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Since when a memory must have been first stored, as the caller wrote it: RFC 3339, a date or an age; null for any time.</summary>
    public string? Since { get; init; }

    /// <summary>Until when; a date includes its day.</summary>
    public string? Until { get; init; }

    /// <summary>How many memories at most; null for as many as the operator says.</summary>
    public long? Limit { get; init; }

    public const int MaxLimit = 50;
}

/// <summary>What bears on a question, best first, or the newest memories.</summary>
/// <param name="Mode">How was searched; null for the newest memories.</param>
/// <param name="CollectionExists">False where there is no such collection, or it is not the caller's; or none at all, where all were to be searched.</param>
public sealed record FindMemoriesResult(IReadOnlyList<FoundHit> Hits, SearchMode? Mode, bool CollectionExists)
{
    /// <summary>Where there is no such collection: those that the caller may see whose names are most like it, the nearest first.</summary>
    public IReadOnlyList<CollectionName> NearestCollections { get; init; } = [];

    /// <summary>How many collections were searched.</summary>
    public int Collections { get; init; } = 1;

    /// <summary>How many were left out, because there are too many.</summary>
    public int CollectionsLeftOut { get; init; }

    /// <summary>Collections that could not be searched, each with the reason.</summary>
    public IReadOnlyList<(CollectionName Name, string Reason)> Unusable { get; init; } = [];

    /// <summary>Where nothing was found: the fields of the metadata that the filter asks for and no memory has, by their paths.</summary>
    public IReadOnlyList<string> MissingFields { get; init; } = [];
}

/// <summary>A hit and where it was found.</summary>
public sealed record FoundHit(CollectionName Collection, SearchHit Hit)
{
    public Memory Memory => Hit.Memory;
}

/// <summary>Finds what bears on a question, or what was stored last.</summary>
public sealed class FindMemories(
    UseCaseGuard guard, AccessPolicy policy, IMemoryStore store, CollectionCatalog catalog, SearchOptions options, TimeProvider clock)
    : IUseCase<FindMemoriesRequest, FindMemoriesResult>
{
    private const int MaxNearest = 3;

    /// <summary>Collections that one question may be asked of.</summary>
    private const int MaxCollections = 50;

    /// <summary>Collections that are searched side by side.</summary>
    private const int MaxAtOnce = 8;

    /// <summary>Fields that are looked for where nothing was found.</summary>
    private const int MaxMissing = 5;

    private static readonly Operation Operation = Operation.Of(ToolName.Find);

    /// <inheritdoc/>
    public Task<FindMemoriesResult> HandleAsync(Caller caller, FindMemoriesRequest request, CancellationToken cancellationToken) =>
        request.Collection is { } asked
            ? guard.RunAsync(caller, Operation, asked, [], collection => FindInOneAsync(caller, asked, collection, QuestionOf(caller, request), cancellationToken), cancellationToken)
            : guard.RunAsync(caller, Operation, inStore: null, () => FindInAllAsync(caller, QuestionOf(caller, request), cancellationToken), cancellationToken);

    private Question QuestionOf(Caller caller, FindMemoriesRequest request)
    {
        if (request.Limit is < 1 or > FindMemoriesRequest.MaxLimit)
            throw new MemoryException($"The limit is {request.Limit}. Give a number from 1 to {FindMemoriesRequest.MaxLimit}.");

        var now = clock.GetUtcNow();
        return new Question(
            guard.ScopeOf(caller, Operation), request.Query, AskedFilter.Of(request.Filter, request.Metadata, request.Since, request.Until, now), (int?)request.Limit ?? options.Limit,
            options.RecencyHalfLife is { } halfLife ? new Recency(halfLife, now) : null,
            new ConcurrentDictionary<ITextEmbedder, Lazy<Task<TextEmbedding>>>());
    }

    private async Task<FindMemoriesResult> FindInOneAsync(Caller caller, CollectionName asked, CollectionName collection, Question question, CancellationToken cancellationToken)
    {
        if (await SearchAsync(collection, question, cancellationToken) is not { } found)
            return new FindMemoriesResult([], ModeOf(question), CollectionExists: false) { NearestCollections = await NearestAsync(caller, asked, cancellationToken) };

        return new FindMemoriesResult([.. found.Hits.Select(hit => new FoundHit(collection, hit))], question.Query is null ? null : found.Mode, CollectionExists: true)
        {
            MissingFields = found.Hits.Count == 0 ? await MissingFieldsAsync([collection], question, cancellationToken) : [],
        };
    }

    private async Task<FindMemoriesResult> FindInAllAsync(Caller caller, Question question, CancellationToken cancellationToken)
    {
        var visible = policy.Visible(caller, await ListCollections.SortedNamesAsync(store, cancellationToken)).ToList();
        var names = visible.Take(MaxCollections).ToList();
        var results = new (CollectionHits? Found, string? Problem)[names.Count];
        await Parallel.ForAsync(0, names.Count, new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken }, async (at, token) =>
        {
            try
            {
                results[at].Found = await SearchAsync(names[at], question, token);
            }
            catch (MemoryException unusable) when (!unusable.IsOutage)
            {
                results[at].Problem = unusable.Message;
            }
        });

        CollectionHits[] found = [.. results.Select(result => result.Found).OfType<CollectionHits>()];
        if (Array.Exists(found, one => one.IsNamed))
            found = [.. found.Where(one => one.IsNamed)];
        var hits = question.Query is { } query ? CollectionFusion.Fuse(found, query, question.Recency, question.Limit) : Newest(found, question.Limit);
        return new FindMemoriesResult(hits, question.Query is null ? null : found.Length > 0 && found.All(one => one.Mode == SearchMode.Dense) ? SearchMode.Dense : options.Mode, CollectionExists: names.Count > 0)
        {
            Collections = found.Length,
            CollectionsLeftOut = visible.Count - names.Count,
            Unusable = [.. names.Zip(results).Where(pair => pair.Second.Problem is not null).Select(pair => (pair.First, pair.Second.Problem!))],
            MissingFields = hits.Count == 0 ? await MissingFieldsAsync([.. found.Select(one => one.Name)], question, cancellationToken) : [],
        };
    }

    private static FoundHit[] Newest(IEnumerable<CollectionHits> found, int limit) =>
    [
        .. found.SelectMany(collection => collection.Hits.Select(hit => new FoundHit(collection.Name, hit)))
            .OrderByDescending(hit => hit.Memory.FirstStoredAt ?? DateTimeOffset.MinValue)
            .Take(limit),
    ];

    /// <returns>Null where there is no such collection.</returns>
    private async Task<CollectionHits?> SearchAsync(CollectionName collection, Question question, CancellationToken cancellationToken)
    {
        var found = await catalog.UseAsync(collection, question.Scope, used => SearchAsync(used, question, cancellationToken), absent: null, cancellationToken);
        MemoryMetrics.Found(collection.Value, question.Query is null ? "newest" : (found?.Mode ?? options.Mode).ToString().ToLowerInvariant(), found?.Hits.Count ?? 0);
        return found is null ? null : found with { Name = collection };
    }

    private async Task<CollectionHits?> SearchAsync(UsableCollection collection, Question question, CancellationToken cancellationToken)
    {
        var layout = collection.Layout;
        var mode = layout.Keywords is null ? SearchMode.Dense : options.Mode;
        CollectionHits Found(IReadOnlyList<SearchHit> hits) => new(layout.Name, (collection.Model, layout.Distance), mode, layout.Keywords?.Language ?? "", hits);

        var filter = LayoutFilter.For(layout, question.Filter);
        if (question.Query is not { } query)
            return Found([.. (await store.ReadNewestAsync(layout, filter, question.Limit, cancellationToken)).Select(AsHit)]);

        // A model that has an id may ask for the memory by it. Nothing else is written like a UUID.
        if (filter is null && Guid.TryParse(query, out var uuid) && await store.GetAsync(layout, [new MemoryId(uuid)], cancellationToken) is [var named])
            return Found([AsHit(named)]) with { IsNamed = true };

        return Found(await store.SearchAsync(layout, new SearchRequest
        {
            Vector = mode == SearchMode.Keyword ? null : (await EmbedAsync(question, collection.Embedder, cancellationToken)).Vector,
            Keywords = mode == SearchMode.Dense ? null : query,
            Filter = filter,
            Limit = question.Limit,
            SimilarityThreshold = options.SimilarityThreshold,
            Recency = question.Recency,
            Diversity = options.Diversity,
        }, cancellationToken));
    }

    private static SearchHit AsHit(Memory memory) => new(memory, Score: 1, Similarity: null, KeywordRank: null);

    private SearchMode? ModeOf(Question question) => question.Query is null ? null : options.Mode;

    private async Task<IReadOnlyList<string>> MissingFieldsAsync(IReadOnlyList<CollectionName> collections, Question question, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var field in question.Filter is { } filter ? AskedFilter.MetadataFields(filter).Take(MaxMissing) : [])
        {
            if (!await IsThereAsync(collections, question.Scope, AskedFilter.Has(field), cancellationToken))
                missing.Add(field);
        }
        return missing;
    }

    private async Task<bool> IsThereAsync(IReadOnlyList<CollectionName> collections, MemoryScope scope, Filter filter, CancellationToken cancellationToken)
    {
        foreach (var collection in collections)
        {
            if (await catalog.UseAsync(collection, scope, used => store.CountAsync(used.Layout, LayoutFilter.For(used.Layout, filter), cancellationToken), absent: 0, cancellationToken) > 0)
                return true;
        }
        return false;
    }

    private async Task<IReadOnlyList<CollectionName>> NearestAsync(Caller caller, CollectionName asked, CancellationToken cancellationToken) =>
    [
        .. policy.Visible(caller, await store.ListAsync(cancellationToken))
            .OrderBy(name => EditDistance.Between(asked.ToString(), name.ToString(), limit: CollectionName.MaxBytes))
            .ThenBy(name => name.ToString(), StringComparer.Ordinal)
            .Take(MaxNearest),
    ];

    /// <summary>Embeds the query once a model, for all collections of it, when the first of them needs it.</summary>
    private static Task<TextEmbedding> EmbedAsync(Question question, ITextEmbedder embedder, CancellationToken cancellationToken) =>
        question.Embeddings.GetOrAdd(embedder, model => new Lazy<Task<TextEmbedding>>(() => model.EmbedQueryAsync(question.Query!, cancellationToken).AsTask())).Value;

    /// <param name="Embeddings">Of the query, by model.</param>
    private sealed record Question(
        MemoryScope Scope, string? Query, Filter? Filter, int Limit, Recency? Recency, ConcurrentDictionary<ITextEmbedder, Lazy<Task<TextEmbedding>>> Embeddings);
}
