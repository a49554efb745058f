namespace McpQdrant.Server.Embeddings;

/// <summary>How texts become vectors.</summary>
internal sealed record EmbeddingOptions
{
    /// <summary><c>EMBEDDING_PROVIDER</c>. Default: <see cref="EmbeddingProvider.Local"/>.</summary>
    public EmbeddingProvider Provider { get; init; } = EmbeddingProvider.Local;

    /// <summary>
    /// <c>EMBEDDING_MODEL</c>, as its provider calls it. Default: the model that ships.
    /// </summary>
    public string? Model { get; init; }

    /// <summary><c>EMBEDDING_MODEL_PATH</c>: a folder with a sentence-transformers model in ONNX form. Default: the model that ships.</summary>
    public string? ModelPath { get; init; }

    /// <summary><c>EMBEDDING_QUERY_PREFIX</c>: put before every question; empty for none. Default: what the model is known to want.</summary>
    public string? QueryPrefix { get; init; }

    /// <summary><c>EMBEDDING_DOCUMENT_PREFIX</c>: put before every document; empty for none. Default: what the model is known to want.</summary>
    public string? DocumentPrefix { get; init; }

    /// <summary><c>EMBEDDING_DIMENSIONS</c>: numbers in a vector, 1 or more. Default: what the model makes.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Texts that are embedded at the same time, 1 or more. Default: one for each core for a local model, else 4.</summary>
    public int? Concurrency { get; init; }
}
