using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Memories.Embedding;

/// <summary>A failure of the model, which callers can tell from one of the store.</summary>
internal sealed class ModelFailure(string message, Exception? innerException) : MemoryException(message, innerException);

/// <summary>Marks failures of a model as such, whatever a generator throws.</summary>
internal sealed class TranslatedEmbedder(ITextEmbedder inner) : ITextEmbedder
{
    /// <summary>Is asked before the model.</summary>
    public Action? Check { get; init; }

    public ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken) => TranslateAsync(inner.IdentifyAsync, cancellationToken);

    public ValueTask<TextEmbedding> EmbedDocumentAsync(string text, CancellationToken cancellationToken) =>
        TranslateAsync(token => inner.EmbedDocumentAsync(text, token), cancellationToken);

    public ValueTask<IReadOnlyList<TextEmbedding>> EmbedDocumentsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        TranslateAsync(token => inner.EmbedDocumentsAsync(texts, token), cancellationToken);

    public ValueTask<TextEmbedding> EmbedQueryAsync(string text, CancellationToken cancellationToken) =>
        TranslateAsync(token => inner.EmbedQueryAsync(text, token), cancellationToken);

    private async ValueTask<T> TranslateAsync<T>(Func<CancellationToken, ValueTask<T>> embed, CancellationToken cancellationToken)
    {
        Check?.Invoke();
        try
        {
            return await embed(cancellationToken);
        }
        catch (MemoryException failure) when (failure is not ModelFailure)
        {
            throw new ModelFailure(failure.Message, failure);
        }
        catch (Exception failure) when (failure is not (MemoryException or OperationCanceledException))
        {
            throw new ModelFailure($"The embedding generator failed: {failure.Message}", failure);
        }
    }
}

/// <summary>Where the model must be.</summary>
internal static class LocalModelFolder
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "models", "all-MiniLM-L6-v2");

    /// <param name="folder">That of the program's own model; null for the one that ships.</param>
    /// <exception cref="ModelFailure">There is no such folder.</exception>
    public static void Require(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new ModelFailure($"UseLocalModel names the folder '{folder}', which isn't there. Nothing is downloaded: put the ONNX files of a sentence-transformers model there.", innerException: null);
        if (folder is null && !Directory.Exists(Shipped))
            throw new ModelFailure(
                "The embedding model isn't beside the program, in models/all-MiniLM-L6-v2. The package McpQdrant.Memory copies it there unless McpQdrantModel is false; or give UseLocalModel a folder.",
                innerException: null);
    }
}
