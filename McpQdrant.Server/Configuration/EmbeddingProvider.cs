namespace McpQdrant.Server.Configuration;

/// <summary>Who makes vectors of texts.</summary>
internal enum EmbeddingProvider
{
    Local,
    OpenAi,
    Ollama,
    Qdrant,
}
