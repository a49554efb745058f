using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Memories;

/// <summary>A correction of a memory that is there.</summary>
/// <param name="Text">The new text, whole; null to keep it.</param>
/// <param name="Metadata">Fields to set, those that are null to remove; null to keep all.</param>
/// <param name="ReplaceMetadata">Puts <paramref name="Metadata"/> in place of all that was there.</param>
public sealed record UpdateMemoryRequest(CollectionName Collection, MemoryId Id, string? Text = null, JsonElement? Metadata = null, bool ReplaceMetadata = false);

/// <summary>A memory after its change.</summary>
public sealed record UpdateMemoryResult(Memory Memory, TextEmbedding Embedding) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [Memory.Id];

    public string Outcome => "updated";
}

/// <summary>Changes a memory under its id, in one step: a find sees it as it was or as it is.</summary>
public sealed partial class UpdateMemory(
    UseCaseGuard guard, IMemoryStore store, ITextEmbedder embedder, CollectionCatalog catalog, TimeProvider clock, ILogger<UpdateMemory> logger)
    : IUseCase<UpdateMemoryRequest, UpdateMemoryResult>
{
    private static readonly Operation Operation = Operation.Of(ToolName.Update);

    /// <summary>Concurrent updates of the same memory run one after another; updates of different memories rarely share a lock.</summary>
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <inheritdoc/>
    public Task<UpdateMemoryResult> HandleAsync(Caller caller, UpdateMemoryRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [request.Id], async collection =>
        {
            if (request.Text is null && request.Metadata is null && !request.ReplaceMetadata)
                throw new MemoryException("Nothing to change: give 'information', 'metadata', or both.");

            var identity = await embedder.IdentifyAsync(cancellationToken);
            var gate = _gates[(uint)HashCode.Combine(collection, request.Id) % _gates.Length];
            await gate.WaitAsync(cancellationToken);
            try
            {
                var result = await catalog.UseAsync(collection, identity, layout => UpdateAsync(layout, request, cancellationToken), absent: null, cancellationToken)
                    ?? throw new MemoryException($"There is no memory {request.Id} in '{collection}'. Take the id from qdrant-find.");
                Updated(request.Id, collection);
                return result;
            }
            finally
            {
                gate.Release();
            }
        }, cancellationToken);

    /// <returns>Null where there is no such memory.</returns>
    private async Task<UpdateMemoryResult?> UpdateAsync(CollectionLayout layout, UpdateMemoryRequest request, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(layout, [request.Id], cancellationToken) is not [var old])
            return null;

        var text = request.Text ?? old.Text;
        var metadata = request.ReplaceMetadata ? request.Metadata : MetadataMerge.Of(old.Metadata, request.Metadata);
        var embedding = await embedder.EmbedDocumentAsync(text, cancellationToken);
        var memory = new Memory(request.Id, text, metadata, clock.GetUtcNow());
        await store.UpdateAsync(layout, new StoredMemory(memory, embedding.Vector), cancellationToken);
        return new UpdateMemoryResult(memory, embedding);
    }

    [LoggerMessage(LogLevel.Debug, "Updated {Memory} in {Collection}")]
    private partial void Updated(MemoryId memory, CollectionName collection);
}
