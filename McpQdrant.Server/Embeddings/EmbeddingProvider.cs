namespace McpQdrant.Server.Embeddings;

/// <summary>Who turns texts into vectors.</summary>
internal enum EmbeddingProvider
{
    /// <summary>This process, with a model from a folder.</summary>
    Local,

    /// <summary>A server that speaks OpenAI's embeddings API.</summary>
    OpenAI,

    /// <summary>An Ollama server.</summary>
    Ollama,

    /// <summary>The Qdrant server, which gets the text in place of the vector.</summary>
    Qdrant,
}
