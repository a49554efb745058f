using Microsoft.Extensions.AI;

namespace McpQdrant.Server.Embeddings;

/// <summary>A model, and the pipeline that leads to it.</summary>
/// <param name="Provider">The provider's name in an identity.</param>
/// <param name="Name">The model's full name.</param>
/// <param name="Dimensions">Numbers in a vector; null where the model has to be asked.</param>
internal sealed record EmbeddingModel(
    IEmbeddingGenerator<string, Embedding<float>> Generator, string Provider, string Name, TextPrefixes Prefixes, int? Dimensions);
