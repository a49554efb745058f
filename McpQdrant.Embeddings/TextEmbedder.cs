using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings;

/// <summary>Embeds texts in this process or at a provider.</summary>
/// <param name="open">Finds the model; asked again where it failed, so that a missing model can be put in place.</param>
internal sealed class TextEmbedder(Func<EmbeddingModel> open) : ITextEmbedder, IDisposable
{
    private readonly Lazy<EmbeddingModel> _model = new(open, LazyThreadSafetyMode.PublicationOnly);
    private int _dimensions;

    public async ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var model = _model.Value;
        if ((model.Dimensions ?? model.KnownDimensions) is null && _dimensions == 0)
            await EmbedAsync(model, ["How long is a vector?"], cancellationToken);
        return new EmbeddingIdentity(model.Provider, model.Name, model.Dimensions ?? (_dimensions > 0 ? _dimensions : model.KnownDimensions!.Value), model.Prefixes.Scheme);
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
        var embeddings = await model.Generator.GenerateAsync(texts, new() { Dimensions = model.Dimensions }, cancellationToken);
        if (embeddings.Count > 0)
            _dimensions = embeddings[0].Vector.Length;
        return [.. embeddings.Select(ToTextEmbedding)];
    }

    private static TextEmbedding ToTextEmbedding(Embedding<float> embedding)
    {
        var tokens = TokenCount.Of(embedding);
        return new TextEmbedding(new SemanticVector.Embedded(embedding.Vector), tokens?.Read, tokens?.Total) { IsCut = tokens?.IsCut is true };
    }
}

/// <summary>How much of a text its vector stands for: travels with the vector through the pipeline and its cache.</summary>
/// <param name="Read">Tokens that went into the vector.</param>
/// <param name="Total">Tokens of the whole text; null where they weren't counted.</param>
/// <param name="IsCut">Whether the end of the text is not part of the vector.</param>
internal sealed record TokenCount(int Read, int? Total, bool IsCut)
{
    private const string Key = "tokens";

    public static TokenCount? Of(Embedding embedding) => embedding.AdditionalProperties?.GetValueOrDefault(Key) as TokenCount;

    public void AddTo(Embedding embedding) => (embedding.AdditionalProperties ??= [])[Key] = this;
}
