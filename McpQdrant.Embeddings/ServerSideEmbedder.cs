using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Embeddings;

/// <summary>Leaves the embedding to the Qdrant server: the text itself goes in place of the vector.</summary>
internal sealed class ServerSideEmbedder(EmbeddingOptions options) : ITextEmbedder
{
    private readonly string _model = options.Model ?? KnownModels.DefaultOf(EmbeddingProvider.Qdrant);
    private readonly TextPrefixes _prefixes = new(options.QueryPrefix ?? "", options.DocumentPrefix ?? "");

    /// <exception cref="MemoryException">Nobody says how long the model's vectors are; Qdrant has no way to ask.</exception>
    public ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var dimensions = options.Dimensions ?? KnownModels.DimensionsOf(_model) ?? throw new MemoryException(
            $"How many numbers the vectors of '{_model}' have isn't known here, and Qdrant can't be asked. Set EMBEDDING_DIMENSIONS.");
        return ValueTask.FromResult(new EmbeddingIdentity("qdrant", _model, dimensions, _prefixes.Scheme));
    }

    public ValueTask<TextEmbedding> EmbedDocumentAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(Inferred(_prefixes.Document + text));

    public ValueTask<TextEmbedding> EmbedQueryAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(Inferred(_prefixes.Query + text));

    private TextEmbedding Inferred(string text) => new(new SemanticVector.Inferred(text, _model), TokensRead: null, TokensTotal: null);
}
