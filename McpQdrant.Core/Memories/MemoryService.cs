using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Memories;

/// <summary>What an agent can do with its memory.</summary>
public sealed partial class MemoryService(
    IMemoryStore store, ITextEmbedder embedder, CollectionCatalog catalog, SearchOptions options, TimeProvider clock, ILogger<MemoryService> logger)
{
    /// <summary>Of updates at once of one memory each must see what the one before left; those of others seldom wait for it.</summary>
    private readonly SemaphoreSlim[] _updating = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Keeps a text. Returns only when the store has it safely, or where a memory very like it is there already.</summary>
    /// <param name="force">Keeps it also where one very like it is there.</param>
    /// <exception cref="MemoryException">The collection can't take this model's vectors, or the store or the model refused.</exception>
    public async Task<StoreResult> StoreAsync(
        CollectionName collection, string text, JsonElement? metadata, bool force, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);
        var result = await catalog.UseOrCreateAsync(
            collection, identity, layout => StoreAsync(layout, text, metadata, force, cancellationToken), cancellationToken);

        if (result.Duplicate is null)
        {
            MemoryMetrics.Stored(collection.Value, result.IsNew);
            Stored(result.Id, collection);
        }
        return result;
    }

    private async Task<StoreResult> StoreAsync(CollectionLayout layout, string text, JsonElement? metadata, bool force, CancellationToken cancellationToken)
    {
        // Whether it was there is asked while the text is embedded, so that it costs no time.
        var asking = FindFreeIdAsync(layout, text, metadata, cancellationToken);
        var embedding = await embedder.EmbedDocumentAsync(text, cancellationToken);
        var (id, isNew) = await asking;

        if (isNew && !force && options.DuplicateThreshold is { } threshold && await NearestAsync(layout, embedding.Vector, threshold, cancellationToken) is { } duplicate)
            return new StoreResult(duplicate.Memory.Id, layout.Name, IsNew: false, embedding, duplicate);

        var memory = new Memory(id, text, metadata, clock.GetUtcNow());
        await store.UpsertAsync(layout, [new StoredMemory(memory, embedding.Vector)], cancellationToken);
        return new StoreResult(id, layout.Name, isNew, embedding);
    }

    /// <summary>Finds the id under which a text is there, or may be: the first that no corrected memory has.</summary>
    private async Task<(MemoryId Id, bool IsNew)> FindFreeIdAsync(CollectionLayout layout, string text, JsonElement? metadata, CancellationToken cancellationToken)
    {
        for (var turn = 0; ; turn++)
        {
            var id = MemoryId.Of(text, metadata, turn);
            if (await store.GetAsync(layout, [id], cancellationToken) is not [var there])
                return (id, IsNew: true);
            if (there.HasSameContent(text, metadata))
                return (id, IsNew: false);
        }
    }

    /// <returns>The memory most like a vector, where their similarity reaches the threshold.</returns>
    private async Task<SearchHit?> NearestAsync(CollectionLayout layout, SemanticVector vector, double threshold, CancellationToken cancellationToken)
    {
        var nearest = await store.SearchAsync(layout, new SearchRequest { Vector = vector, Limit = 1 }, cancellationToken);
        return nearest is [{ Similarity: { } similarity } hit] && similarity >= threshold ? hit : null;
    }

    /// <summary>Finds what bears on a question, best first.</summary>
    /// <exception cref="MemoryException">The collection is not of this model, or the store, the model or the filter refused.</exception>
    public async Task<FindResult> FindAsync(CollectionName collection, string query, Filter? filter, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);

        var found = await catalog.UseAsync(collection, identity, async layout =>
        {
            var mode = layout.Keywords is null ? SearchMode.Dense : options.Mode;
            var hits = await store.SearchAsync(layout, new SearchRequest
            {
                Vector = mode == SearchMode.Keyword ? null : (await embedder.EmbedQueryAsync(query, cancellationToken)).Vector,
                Keywords = mode == SearchMode.Dense ? null : query,
                Filter = LayoutFilter.For(layout, filter),
                Limit = options.Limit,
                SimilarityThreshold = options.SimilarityThreshold,
                Recency = options.RecencyHalfLife is { } halfLife ? new Recency(halfLife, clock.GetUtcNow()) : null,
                Diversity = options.Diversity,
            }, cancellationToken);
            return new FindResult(hits, mode, CollectionExists: true);
        }, absent: new FindResult([], options.Mode, CollectionExists: false), cancellationToken);

        MemoryMetrics.Found(collection.Value, found.Mode.ToString().ToLowerInvariant(), found.Hits.Count);
        return found;
    }

    /// <summary>Memories by their ids, in the order asked for; unknown ones are left out.</summary>
    public async Task<IReadOnlyList<Memory>> GetAsync(CollectionName collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);
        return await catalog.UseAsync(collection, identity, layout => store.GetAsync(layout, ids, cancellationToken), absent: [], cancellationToken);
    }

    /// <summary>The first memories of a collection, by id.</summary>
    public async Task<IReadOnlyList<Memory>> FirstAsync(CollectionName collection, int limit, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);
        return await catalog.UseAsync<IReadOnlyList<Memory>>(
            collection,
            identity,
            async layout => await store.ReadAllAsync(layout, filter: null, withVectors: false, cancellationToken).Take(limit).Select(stored => stored.Memory).ToArrayAsync(cancellationToken),
            absent: [],
            cancellationToken);
    }

    /// <summary>Changes a memory under its id, in one step: a find sees it as it was or as it is.</summary>
    /// <param name="text">The new text; null to keep it.</param>
    /// <param name="changeMetadata">From the old metadata to the new.</param>
    /// <exception cref="MemoryException">There is no such memory.</exception>
    public async Task<UpdateResult> UpdateAsync(
        CollectionName collection, MemoryId id, string? text, Func<JsonElement?, JsonElement?> changeMetadata, CancellationToken cancellationToken)
    {
        var identity = await embedder.IdentifyAsync(cancellationToken);
        var turn = _updating[(uint)HashCode.Combine(collection, id) % _updating.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            var result = await catalog.UseAsync(collection, identity, layout => UpdateAsync(layout, id, text, changeMetadata, cancellationToken), absent: null, cancellationToken)
                ?? throw new MemoryException($"There is no memory {id} in '{collection}'. Take the id from qdrant-find.");
            Updated(id, collection);
            return result;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<UpdateResult?> UpdateAsync(
        CollectionLayout layout, MemoryId id, string? text, Func<JsonElement?, JsonElement?> changeMetadata, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(layout, [id], cancellationToken) is not [var old])
            return null;

        var embedding = await embedder.EmbedDocumentAsync(text ?? old.Text, cancellationToken);
        var memory = new Memory(id, text ?? old.Text, changeMetadata(old.Metadata), clock.GetUtcNow());
        await store.UpdateAsync(layout, new StoredMemory(memory, embedding.Vector), cancellationToken);
        return new UpdateResult(memory, embedding);
    }

    [LoggerMessage(LogLevel.Debug, "Stored {Memory} in {Collection}")]
    private partial void Stored(MemoryId memory, CollectionName collection);

    [LoggerMessage(LogLevel.Debug, "Updated {Memory} in {Collection}")]
    private partial void Updated(MemoryId memory, CollectionName collection);
}

/// <summary>What bears on a question.</summary>
/// <param name="Mode">How was searched.</param>
/// <param name="CollectionExists">False where nothing was ever stored.</param>
public sealed record FindResult(IReadOnlyList<SearchHit> Hits, SearchMode Mode, bool CollectionExists);

/// <summary>What became of a text that was to be kept.</summary>
/// <param name="IsNew">False where the same text with the same metadata was there already.</param>
/// <param name="Duplicate">The memory for whose sake nothing was stored; null where the text was.</param>
public sealed record StoreResult(MemoryId Id, CollectionName Collection, bool IsNew, TextEmbedding Embedding, SearchHit? Duplicate = null);

/// <summary>A memory after its change.</summary>
public sealed record UpdateResult(Memory Memory, TextEmbedding Embedding);
