using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Secrets;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Memories;

/// <summary>A correction of a memory that is there.</summary>
/// <param name="Text">The new text, whole; null to keep it.</param>
/// <param name="Metadata">Fields to set, those that are null to remove; null to keep all.</param>
/// <param name="ReplaceMetadata">Puts <paramref name="Metadata"/> in place of all that was there.</param>
/// <param name="Expires">A time to come, or how long from now on, as a person writes it; <c>never</c>; null to keep what it is.</param>
public sealed record UpdateMemoryRequest(CollectionName Collection, MemoryId Id, string? Text = null, JsonElement? Metadata = null, bool ReplaceMetadata = false, string? Expires = null)
{
    /// <summary>Says of which states the memory may be changed: the caller knows them. Null for any.</summary>
    public Func<MemoryRevision, bool>? IsExpected { get; init; }
}

/// <summary>A memory after its change.</summary>
/// <param name="Change">By which it can be undone; null where no log of changes is kept.</param>
public sealed record UpdateMemoryResult(Memory Memory, TextEmbedding Embedding, int Passages, ChangeId? Change = null) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [Memory.Id];

    public string Outcome => "updated";
}

/// <summary>Changes a memory under its id, in one step: a find sees it as it was or as it is.</summary>
public sealed partial class UpdateMemory(
    UseCaseGuard guard, SecretFilter secrets, IMemoryStore store, CollectionCatalog catalog, ChangeHistory history, TimeProvider clock, ILogger<UpdateMemory> logger)
    : IUseCase<UpdateMemoryRequest, UpdateMemoryResult>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Update);

    /// <inheritdoc/>
    public Task<UpdateMemoryResult> HandleAsync(Caller caller, UpdateMemoryRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [request.Id], async collection =>
        {
            if (request is { Text: null, Metadata: null, ReplaceMetadata: false, Expires: null })
                throw new MemoryException("Nothing to change: give 'information', 'metadata' or 'expires'.");
            RequireNoContradiction(request);
            MemoryLimits.Check(request.Text ?? "", request.Metadata);
            var expiresAt = request.Expires is { } asked ? ExpiryOptions.Read(asked, clock.GetUtcNow()) : null;
            var kept = request with { Text = request.Text is null ? null : secrets.Apply(request.Text), Metadata = secrets.Apply(request.Metadata) };

            var result = await catalog.UseAsync(collection, guard.ScopeOf(caller, Operation), used => UpdateAsync(used, caller, kept, expiresAt, history.Begin(caller, Operation), cancellationToken), absent: null, cancellationToken)
                ?? throw new NotThereException($"There is no memory {request.Id} in '{collection}'. Take the id from qdrant-find, with the collection that it names.");
            Updated(request.Id, collection);
            return result;
        }, cancellationToken);

    /// <exception cref="MemoryException">The update asks for two things that exclude each other: which one is meant, only the caller knows.</exception>
    private static void RequireNoContradiction(UpdateMemoryRequest request)
    {
        if (request.Metadata is not { } metadata)
            return;

        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in metadata.EnumerateObject())
        {
            if (!values.TryAdd(field.Name, field.Value) && !SameJson.Equals(values[field.Name], field.Value))
                throw new MemoryException($"The metadata give '{LogText.Of(field.Name)}' two different values. Nothing was changed; give one.");
        }
    }

    /// <returns>Null where there is no such memory.</returns>
    private async Task<UpdateMemoryResult?> UpdateAsync(
        UsableCollection collection, Caller caller, UpdateMemoryRequest request, DateTimeOffset? expiresAt, ChangeOrigin? origin, CancellationToken cancellationToken)
    {
        var layout = collection.Layout;
        var attempts = new ChangeAttempts();
        (string Text, DocumentEmbedding Embedding)? embedded = null;
        while (true)
        {
            if (await store.GetAsync(layout, [request.Id], cancellationToken) is not [var old])
                return null;
            RevisionCheck.Require(request.IsExpected, old, layout.Name);

            var text = request.Text ?? old.Text;
            if (embedded?.Text != text)
                embedded = (text, await DocumentEmbedding.CreateAsync(collection, text, cancellationToken));
            var embedding = embedded.Value.Embedding;
            var metadata = layout.Scope.Keep(request.ReplaceMetadata ? request.Metadata : MetadataMerge.Of(old.Metadata, request.Metadata), request.Metadata);
            MemoryLimits.Check(text, request.Metadata is null ? null : metadata);
            var memory = new Memory(request.Id, text, metadata, clock.GetUtcNow())
            {
                FirstStoredAt = old.FirstStoredAt,
                By = caller.Name,
                RevisionNumber = old.RevisionNumber + 1,
                ExpiresAt = request.Expires is null ? old.ExpiresAt : expiresAt,
            };
            if (await store.ReplaceAsync(layout, embedding.Of(memory), old.Revision, origin, cancellationToken))
                return new UpdateMemoryResult(memory, embedding.Whole, embedding.Passages.Count, origin?.Id);

            await attempts.NextAsync(request.Id, layout.Name, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Updated {Memory} in {Collection}")]
    private partial void Updated(MemoryId memory, CollectionName collection);
}
