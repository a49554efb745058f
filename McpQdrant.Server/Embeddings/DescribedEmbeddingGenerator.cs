using Microsoft.Extensions.AI;

namespace McpQdrant.Server.Embeddings;

/// <summary>Says who makes the vectors, for the pipeline's telemetry.</summary>
internal sealed class DescribedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string provider, string model, int? dimensions)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly EmbeddingGeneratorMetadata _metadata = new(provider, defaultModelId: model, defaultModelDimensions: dimensions);

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : base.GetService(serviceType, serviceKey);
}
