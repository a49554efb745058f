using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using Microsoft.Extensions.AI;

namespace McpQdrant.Memories.Embedding;

/// <summary>Embeds texts with the program's own generator.</summary>
/// <param name="find">Finds it when it is needed first.</param>
/// <param name="model">The model's name; null for what the generator says.</param>
internal sealed class GeneratorEmbedder(Func<IEmbeddingGenerator<string, Embedding<float>>> find, string? model) : ITextEmbedder
{
    private readonly Lazy<IEmbeddingGenerator<string, Embedding<float>>> _generator = new(find, LazyThreadSafetyMode.PublicationOnly);
    private EmbeddingIdentity? _identity;

    public async ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (_identity is null)
            await EmbedAsync(["How long is a vector?"], cancellationToken);
        return _identity!;
    }

    public async ValueTask<TextEmbedding> EmbedDocumentAsync(string text, CancellationToken cancellationToken) => (await EmbedAsync([text], cancellationToken))[0];

    public async ValueTask<IReadOnlyList<TextEmbedding>> EmbedDocumentsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => await EmbedAsync(texts, cancellationToken);

    public async ValueTask<TextEmbedding> EmbedQueryAsync(string text, CancellationToken cancellationToken) => (await EmbedAsync([text], cancellationToken))[0];

    private async Task<TextEmbedding[]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var vectors = await _generator.Value.GenerateAsync(texts, options: null, cancellationToken);
        if (vectors.Count != texts.Count || vectors.Any(vector => vector.Vector.Length == 0))
            throw new MemoryException($"The embedding generator gave {vectors.Count} vectors for {texts.Count} texts, or an empty one. Check the model that it calls.");

        _identity ??= Identify(vectors[0].Vector.Length);
        return vectors.All(vector => vector.Vector.Length == _identity.Dimensions)
            ? [.. vectors.Select(vector => new TextEmbedding(new SemanticVector.Embedded(vector.Vector), TokensRead: null, TokensTotal: null))]
            : throw new MemoryException($"The embedding generator gave vectors of different lengths, {_identity.Dimensions} at first. Give it one model.");
    }

    private EmbeddingIdentity Identify(int dimensions)
    {
        var metadata = _generator.Value.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        var name = model ?? metadata?.DefaultModelId
            ?? throw new MemoryException("The embedding generator doesn't say which model it calls, so collections could not tell whose vectors they hold. Name the model in UseEmbeddings.");
        return new EmbeddingIdentity(metadata?.ProviderName ?? "generator", name, dimensions);
    }
}
