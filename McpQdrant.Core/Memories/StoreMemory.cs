using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Memories;

/// <summary>A text to be kept.</summary>
/// <param name="Collection">Where; it is made on the first store.</param>
/// <param name="Text">The text, not blank.</param>
/// <param name="Metadata">A JSON object; null for none.</param>
/// <param name="Force">Keeps it also where a memory very like it is there.</param>
public sealed record StoreMemoryRequest(CollectionName Collection, string Text, JsonElement? Metadata = null, bool Force = false);

/// <summary>What became of a text that was to be kept.</summary>
/// <param name="IsNew">False where the same text with the same metadata was there already.</param>
/// <param name="Embedding">How much of the text its vector stands for.</param>
/// <param name="Duplicate">The memory for whose sake nothing was stored; null where the text was.</param>
public sealed record StoreMemoryResult(MemoryId Id, CollectionName Collection, bool IsNew, TextEmbedding Embedding, SearchHit? Duplicate = null) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [Id];

    public string Outcome => IsNew ? "stored" : "stored again";
}

/// <summary>Keeps a text. Returns only when the store has it safely, or where a memory very like it is there already.</summary>
public sealed partial class StoreMemory(
    UseCaseGuard guard, IMemoryStore store, ITextEmbedder embedder, CollectionCatalog catalog, SearchOptions options, TimeProvider clock, ILogger<StoreMemory> logger)
    : IUseCase<StoreMemoryRequest, StoreMemoryResult>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Store);

    /// <inheritdoc/>
    public Task<StoreMemoryResult> HandleAsync(Caller caller, StoreMemoryRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            var identity = await embedder.IdentifyAsync(cancellationToken);
            var result = await catalog.UseOrCreateAsync(collection, identity, layout => StoreAsync(layout, request, cancellationToken), cancellationToken);
            if (result.Duplicate is null)
            {
                MemoryMetrics.Stored(collection.Value, result.IsNew);
                Stored(result.Id, collection);
            }
            return result;
        }, cancellationToken);

    private async Task<StoreMemoryResult> StoreAsync(CollectionLayout layout, StoreMemoryRequest request, CancellationToken cancellationToken)
    {
        // The store is asked for the id while the model embeds the text, so this costs no time.
        var asking = FindFreeIdAsync(layout, request.Text, request.Metadata, cancellationToken);
        var embedding = await embedder.EmbedDocumentAsync(request.Text, cancellationToken);
        var (id, isNew) = await asking;

        if (isNew && !request.Force && options.DuplicateThreshold is { } threshold
            && await NearestAsync(layout, embedding.Vector, threshold, cancellationToken) is { } duplicate)
            return new StoreMemoryResult(duplicate.Memory.Id, layout.Name, IsNew: false, embedding, duplicate);

        var memory = new Memory(id, request.Text, request.Metadata, clock.GetUtcNow());
        await store.UpsertAsync(layout, [new StoredMemory(memory, embedding.Vector)], cancellationToken);
        return new StoreMemoryResult(id, layout.Name, isNew, embedding);
    }

    /// <summary>Finds the id under which a text is there, or may be stored: the first that no corrected memory has.</summary>
    private async Task<(MemoryId Id, bool IsNew)> FindFreeIdAsync(CollectionLayout layout, string text, JsonElement? metadata, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var id = MemoryId.Of(text, metadata, attempt);
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

    [LoggerMessage(LogLevel.Debug, "Stored {Memory} in {Collection}")]
    private partial void Stored(MemoryId memory, CollectionName collection);
}
