using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Core.Collections;

/// <summary>A model that reads 300 characters of a text, makes its vector of their letters, and counts what it was asked.</summary>
internal sealed class CountingModel(EmbeddingIdentity identity) : ITextEmbedder
{
    private const int Reads = 300;

    private int _questions;
    private int _documents;

    public EmbeddingIdentity Identity => identity;

    public int Questions => _questions;

    public int Documents => _documents;

    public ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(identity);

    public ValueTask<TextEmbedding> EmbedQueryAsync(string text, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        return ValueTask.FromResult(Embed(text));
    }

    public ValueTask<TextEmbedding> EmbedDocumentAsync(string text, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _documents);
        return ValueTask.FromResult(Embed(text));
    }

    public float[] VectorOf(string text)
    {
        var vector = new float[identity.Dimensions];
        foreach (var letter in text.Take(Reads))
            vector[letter % vector.Length] += 1;
        return vector;
    }

    private TextEmbedding Embed(string text) => new(new SemanticVector.Embedded(VectorOf(text)), Math.Min(text.Length, Reads), text.Length);
}
