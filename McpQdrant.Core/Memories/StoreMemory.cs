using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Secrets;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Memories;

/// <summary>A text to be kept.</summary>
/// <param name="Collection">Where; it is made on the first store.</param>
/// <param name="Text">The text, not blank.</param>
/// <param name="Metadata">A JSON object; null for none.</param>
/// <param name="Force">Keeps it also where a memory very like it is there.</param>
/// <param name="Expires">A time to come, or how long from now on, as a person writes it; <c>never</c>; null leaves it to the collection's rule.</param>
public sealed record StoreMemoryRequest(CollectionName Collection, string Text, JsonElement? Metadata = null, bool Force = false, string? Expires = null)
{
    /// <summary>Which memories it may be a duplicate of, whatever the model reads of a text; null for all of the collection, as far as vectors stand for whole texts.</summary>
    public Filter? DuplicatesAmong { get; init; }
}

/// <summary>What became of a text that was to be kept.</summary>
/// <param name="IsNew">False where the same text with the same metadata was there already.</param>
/// <param name="Embedding">How much of the text its vector stands for.</param>
/// <param name="Passages">By how many passages the text is found besides, because the model doesn't read it whole.</param>
/// <param name="Duplicate">The memory for whose sake nothing was stored; null where the text was.</param>
public sealed record StoreMemoryResult(MemoryId Id, CollectionName Collection, bool IsNew, TextEmbedding Embedding, int Passages, SearchHit? Duplicate = null) : IChange
{
    /// <summary>The text as it is kept: where secrets are masked, it may be another one than that of the request.</summary>
    public string Text { get; init; } = "";

    /// <summary>The memory as it was stored; null where nothing was.</summary>
    public Memory? Memory { get; init; }

    public IReadOnlyList<MemoryId> Touched => [Id];

    public string Outcome => IsNew ? "stored" : "stored again";
}

/// <summary>Keeps a text. Returns only when the store has it safely, or where a memory very like it is there already.</summary>
public sealed partial class StoreMemory(
    UseCaseGuard guard, SecretFilter secrets, IMemoryStore store, CollectionCatalog catalog, SearchOptions options, ExpiryOptions expiry, TimeProvider clock, ILogger<StoreMemory> logger)
    : IUseCase<StoreMemoryRequest, StoreMemoryResult>
{
    /// <summary>More than one memory may be equally near, and only one of them consist of the same words.</summary>
    private const int DuplicatesLookedAt = 10;

    private static readonly Operation Operation = Operation.Of(ToolName.Store);

    /// <inheritdoc/>
    public Task<StoreMemoryResult> HandleAsync(Caller caller, StoreMemoryRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            MemoryLimits.Check(request.Text, request.Metadata);
            var scope = guard.ScopeOf(caller, Operation);
            var kept = request with { Text = secrets.Apply(request.Text), Metadata = scope.Complete(secrets.Apply(request.Metadata)) };
            var expiresAt = expiry.For(collection, request.Expires, clock.GetUtcNow());
            var result = await catalog.UseOrCreateAsync(collection, scope, used => StoreAsync(used, caller, kept, expiresAt, cancellationToken), cancellationToken);
            if (result.Duplicate is null)
            {
                MemoryMetrics.Stored(collection.Value, result.IsNew);
                Stored(result.Id, collection);
            }
            return result with { Text = kept.Text };
        }, cancellationToken);

    private async Task<StoreMemoryResult> StoreAsync(
        UsableCollection collection, Caller caller, StoreMemoryRequest request, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var layout = collection.Layout;
        // The store is asked for the id while the model embeds the text, so this costs no time.
        var asking = FindFreeIdAsync(layout, request.Text, request.Metadata, cancellationToken);
        var embedding = await DocumentEmbedding.CreateAsync(collection, request.Text, cancellationToken);
        var (id, there) = await asking;

        if (there is null && !request.Force && options.DuplicateThreshold is { } threshold
            && await FindDuplicateAsync(layout, request, embedding.Whole, threshold, cancellationToken) is { } duplicate)
            return new StoreMemoryResult(duplicate.Memory.Id, layout.Name, IsNew: false, embedding.Whole, Passages: 0, duplicate);

        var attempts = new ChangeAttempts();
        while (true)
        {
            var memory = new Memory(id, request.Text, request.Metadata, clock.GetUtcNow())
            {
                FirstStoredAt = there?.FirstStoredAt,
                By = caller.Name,
                RevisionNumber = there is null ? 1 : there.RevisionNumber + 1,
                ExpiresAt = expiresAt,
            };
            var stored = embedding.Of(memory);
            var isStored = there is null
                ? await store.InsertAsync(layout, [stored], cancellationToken) is [_]
                : await store.ReplaceAsync(layout, stored, there.Revision, cancellationToken);
            if (isStored)
                return new StoreMemoryResult(id, layout.Name, IsNew: there is null, embedding.Whole, embedding.Passages.Count) { Memory = memory };

            await attempts.NextAsync(id, layout.Name, cancellationToken);
            var taken = there is null ? id : (MemoryId?)null;
            (id, there) = await FindFreeIdAsync(layout, request.Text, request.Metadata, cancellationToken, taken);
        }
    }

    /// <summary>Finds the id under which a text is there, or may be stored: the first that no corrected memory has.</summary>
    /// <param name="taken">An id that is taken also where no memory is seen under it: another scope's memory has it.</param>
    /// <returns>Also the memory, where it is there.</returns>
    private async Task<(MemoryId Id, Memory? There)> FindFreeIdAsync(
        CollectionLayout layout, string text, JsonElement? metadata, CancellationToken cancellationToken, MemoryId? taken = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            var id = MemoryId.Of(text, metadata, attempt);
            if (await store.GetAsync(layout, [id], cancellationToken) is not [var there])
            {
                if (layout.Scope.IsPinned && id == taken)
                    continue;
                return (id, null);
            }
            if (there.HasSameContent(text, metadata))
                return (id, there);
        }
    }

    /// <summary>
    /// Looks for a memory for whose sake the text can be left out. Being near is not enough: it must consist of the same words, and the vector must
    /// stand for the whole text, as the provider says.
    /// </summary>
    private async Task<SearchHit?> FindDuplicateAsync(
        CollectionLayout layout, StoreMemoryRequest request, TextEmbedding embedding, double threshold, CancellationToken cancellationToken)
    {
        // Who says among which to look wants no text twice: the same text has the same vector, however much of it the vector stands for.
        if (request.DuplicatesAmong is null && (embedding.IsCut || embedding.TokensRead is null))
            return null;

        var nearest = await store.SearchAsync(layout, new SearchRequest { Vector = embedding.Vector, Filter = LayoutFilter.For(layout, request.DuplicatesAmong), Limit = DuplicatesLookedAt }, cancellationToken);
        return nearest.FirstOrDefault(hit => hit.Similarity >= threshold && SameWords.Are(request.Text, hit.Memory.Text));
    }

    [LoggerMessage(LogLevel.Debug, "Stored {Memory} in {Collection}")]
    private partial void Stored(MemoryId memory, CollectionName collection);
}
