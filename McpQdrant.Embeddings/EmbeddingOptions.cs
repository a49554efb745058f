namespace McpQdrant.Embeddings;

/// <summary>How texts become vectors.</summary>
public sealed record EmbeddingOptions
{
    /// <summary><c>EMBEDDING_PROVIDER</c>. Default: <see cref="EmbeddingProvider.Local"/>.</summary>
    public EmbeddingProvider Provider { get; init; } = EmbeddingProvider.Local;

    /// <summary>
    /// <c>EMBEDDING_MODEL</c>, as its provider calls it. Default: the model that ships; <c>text-embedding-3-small</c> (OpenAI),
    /// <c>nomic-embed-text</c> (Ollama), <c>sentence-transformers/all-minilm-l6-v2</c> (Qdrant).
    /// </summary>
    public string? Model { get; init; }

    /// <summary><c>EMBEDDING_MODEL_PATH</c>, for a local model: a folder with a sentence-transformers model in ONNX form. Default: the model that ships.</summary>
    public string? ModelPath { get; init; }

    /// <summary><c>EMBEDDING_URL</c>. Default: <c>https://api.openai.com/v1</c> (OpenAI), <c>http://localhost:11434</c> (Ollama).</summary>
    public Uri? Url { get; init; }

    /// <summary><c>EMBEDDING_API_KEY</c>, sent as a bearer token. Default: none is sent.</summary>
    public string? ApiKey { get; init; }

    /// <summary><c>EMBEDDING_DIMENSIONS</c>: numbers in a vector, 1 or more; asked of providers that can shorten vectors. Default: what the model makes.</summary>
    public int? Dimensions { get; init; }

    /// <summary><c>EMBEDDING_QUERY_PREFIX</c>: put before every question; empty for none. Default: what the model is known to want.</summary>
    public string? QueryPrefix { get; init; }

    /// <summary><c>EMBEDDING_DOCUMENT_PREFIX</c>: put before every document; empty for none. Default: what the model is known to want.</summary>
    public string? DocumentPrefix { get; init; }

    /// <summary><c>EMBEDDING_CACHE_SIZE</c>: texts whose vectors are remembered; 0 for none. Default: 1000.</summary>
    public int CacheSize { get; init; } = 1000;

    /// <summary><c>EMBEDDING_TIMEOUT</c>: how long a provider may take for one request, waiting and retries included. Default: a minute, since Ollama may load the model first.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>EMBEDDING_CONCURRENCY</c>: texts (of a provider: requests) under way at the same time, 1 or more. Default: one for each core for a local model, else 4.</summary>
    public int? Concurrency { get; init; }

    /// <summary>
    /// Whether a hosted process loads a local model at its start, in the background. Otherwise it only looks whether the model is there, takes the one that
    /// lies beside the program to make vectors of its known size, and loads it at the first text: for a process that may embed nothing. Default: yes.
    /// </summary>
    public bool LoadsAtStart { get; init; } = true;

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Provider} {Model}";
}

/// <summary>Who makes vectors of texts.</summary>
public enum EmbeddingProvider
{
    Local,
    OpenAi,
    Ollama,
    Qdrant,
}
