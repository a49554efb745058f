using System.Numerics.Tensors;
using McpQdrant.Server.Memories;
using Microsoft.Extensions.AI;

namespace McpQdrant.Server.Embeddings;

/// <summary>Embeds texts in this process or at a provider, and lets no useless vector through.</summary>
/// <param name="open">Finds the model; asked again where it failed, so that a missing model can be put in place.</param>
internal sealed class TextEmbedder(Func<EmbeddingModel> open) : ITextEmbedder, IDisposable
{
    private readonly Lazy<EmbeddingModel> _model = new(open, LazyThreadSafetyMode.PublicationOnly);
    private int _dimensions;

    public async ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var model = _model.Value;
        if (model.Dimensions is null && Volatile.Read(ref _dimensions) == 0)
            await EmbedAsync(model, ["size"], cancellationToken);
        return new EmbeddingIdentity(model.Provider, model.Name, model.Dimensions ?? _dimensions, model.Prefixes.Scheme);
    }

    public async ValueTask<TextEmbedding> EmbedDocumentAsync(string text, CancellationToken cancellationToken) =>
        (await EmbedDocumentsAsync([text], cancellationToken))[0];

    public async ValueTask<IReadOnlyList<TextEmbedding>> EmbedDocumentsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var model = _model.Value;
        return await EmbedAsync(model, texts.Select(text => model.Prefixes.Document + text), cancellationToken);
    }

    public async ValueTask<TextEmbedding> EmbedQueryAsync(string text, CancellationToken cancellationToken)
    {
        var model = _model.Value;
        return (await EmbedAsync(model, [model.Prefixes.Query + text], cancellationToken))[0];
    }

    public void Dispose()
    {
        if (_model.IsValueCreated)
            _model.Value.Generator.Dispose();
    }

    private async Task<IReadOnlyList<TextEmbedding>> EmbedAsync(EmbeddingModel model, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var embeddings = await model.Generator.GenerateAsync(texts, cancellationToken: cancellationToken);
        foreach (var embedding in embeddings)
            Check(model, embedding.Vector.Span);
        return [.. embeddings.Select(ToTextEmbedding)];
    }

    /// <summary>Refuses what would poison a collection: every search would find it, or none.</summary>
    private void Check(EmbeddingModel model, ReadOnlySpan<float> vector)
    {
        var length = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(length) || length == 0)
            throw new MemoryException($"The embedding model {model.Name} made a vector of zeros or of no numbers for this text, which can't be searched. Change the text or the model.");

        var known = Interlocked.CompareExchange(ref _dimensions, vector.Length, 0);
        var expected = model.Dimensions ?? (known == 0 ? vector.Length : known);
        if (vector.Length != expected)
            throw new MemoryException($"The embedding model {model.Name} made a vector of {vector.Length} numbers where {expected} were expected. Check EMBEDDING_MODEL and EMBEDDING_DIMENSIONS.");
    }

    private static TextEmbedding ToTextEmbedding(Embedding<float> embedding)
    {
        var tokens = TokenCount.Of(embedding);
        return new TextEmbedding(new SemanticVector.Embedded(embedding.Vector), tokens?.Read, tokens?.Total) { IsCut = tokens?.IsCut is true };
    }
}
