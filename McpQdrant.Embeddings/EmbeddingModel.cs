using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings;

/// <summary>A model, and the pipeline that leads to it.</summary>
/// <param name="Provider">The provider's name in an identity.</param>
/// <param name="Name">The model's full name.</param>
/// <param name="Dimensions">Numbers that a vector is to have; null for as many as the model makes.</param>
internal sealed record EmbeddingModel(
    IEmbeddingGenerator<string, Embedding<float>> Generator, string Provider, string Name, TextPrefixes Prefixes, int? Dimensions)
{
    /// <summary>Numbers in a vector as far as they are known without asking the model, which would have to be loaded for it; null where they are not.</summary>
    public int? KnownDimensions { get; init; }
}

/// <summary>Says who makes the vectors, for the pipeline's telemetry.</summary>
internal sealed class DescribedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string provider, string model, int? dimensions)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly EmbeddingGeneratorMetadata _metadata = new(provider, defaultModelId: model, defaultModelDimensions: dimensions);

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : base.GetService(serviceType, serviceKey);
}
