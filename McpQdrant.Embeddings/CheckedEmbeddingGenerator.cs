using System.Numerics.Tensors;
using McpQdrant.Core.Memories;
using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings;

/// <summary>Lets no vector through that would poison a collection: of another size, of zeros, or of no numbers.</summary>
/// <param name="model">The model's name, for messages.</param>
/// <param name="dimensions">Numbers in a vector; null to go by the first one.</param>
internal sealed class CheckedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string model, int? dimensions)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private int _dimensions = dimensions ?? 0;

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var embeddings = await base.GenerateAsync(values, options, cancellationToken);
        foreach (var embedding in embeddings)
            Check(embedding.Vector.Span);
        return embeddings;
    }

    private void Check(ReadOnlySpan<float> vector)
    {
        var length = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(length) || length == 0)
            throw new MemoryException($"The embedding model {model} made a vector of zeros or of no numbers for this text, which can't be searched. Change the text or the model.");

        var known = Interlocked.CompareExchange(ref _dimensions, vector.Length, 0);
        if (known != 0 && known != vector.Length)
            throw new MemoryException($"The embedding model {model} made a vector of {vector.Length} numbers where {known} were expected. Check EMBEDDING_MODEL and EMBEDDING_DIMENSIONS.");
    }
}
