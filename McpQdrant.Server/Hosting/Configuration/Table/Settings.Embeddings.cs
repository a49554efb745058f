using McpQdrant.Embeddings;

namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<EmbeddingProvider> EmbeddingProvider = new("EMBEDDING_PROVIDER", Formats.Choice(
        ("local", Embeddings.EmbeddingProvider.Local), ("fastembed", Embeddings.EmbeddingProvider.Local), ("onnx", Embeddings.EmbeddingProvider.Local),
        ("openai", Embeddings.EmbeddingProvider.OpenAi), ("ollama", Embeddings.EmbeddingProvider.Ollama), ("qdrant", Embeddings.EmbeddingProvider.Qdrant)))
    {
        Default = "local",
        Meaning = "Who makes vectors of texts: a model in this process (`local`; `fastembed` and `onnx` mean the same), any "
            + "OpenAI-compatible server, Ollama, or Qdrant itself.",
    };

    public static readonly Setting<string> EmbeddingModel = new("EMBEDDING_MODEL", Formats.Name)
    {
        Default = "sentence-transformers/all-MiniLM-L6-v2",
        Meaning = "The model's name, as its provider knows it. The default ships with this server, and `intfloat/multilingual-e5-small` (a hundred languages) where it was built with it; `openai` and `ollama` have none.",
    };

    public static readonly Setting<string?> EmbeddingModelPath = new("EMBEDDING_MODEL_PATH", PathFormats.ExistingFolder.OrNull())
    {
        Meaning = "The folder of a sentence-transformers model in ONNX form, for `local`.",
    };

    public static readonly Setting<string?> QueryPrefix = new("EMBEDDING_QUERY_PREFIX", Formats.Text.OrNull())
    {
        UnsetMeaning = "the model's",
        Meaning = "What is put before a question; blanks at its end count.",
    };

    public static readonly Setting<string?> DocumentPrefix = new("EMBEDDING_DOCUMENT_PREFIX", Formats.Text.OrNull())
    {
        UnsetMeaning = "the model's",
        Meaning = "What is put before a memory's text; blanks at its end count.",
    };

    public static readonly Setting<Uri?> EmbeddingUrl = new("EMBEDDING_URL", HttpAddress.Format.OrNull())
    {
        UnsetMeaning = "the provider's",
        Meaning = "The address of the provider, for instance `http://localhost:1234/v1`.",
    };

    public static readonly Setting<string?> EmbeddingApiKey = new("EMBEDDING_API_KEY", Formats.Key.OrNull())
    {
        Synonyms = ["OPENAI_API_KEY"],
        IsSecret = true,
        Meaning = "The key that the provider asks for.",
    };

    public static readonly Setting<int?> EmbeddingDimensions = new("EMBEDDING_DIMENSIONS", Formats.Integer(1, 65536).OrNull())
    {
        UnsetMeaning = "the model's",
        Meaning = "The size of the vectors, for models that let one choose it.",
    };

    public static readonly Setting<int> EmbeddingCacheSize = new("EMBEDDING_CACHE_SIZE", Formats.Integer(0, 1_000_000))
    {
        Default = "1000",
        Meaning = "How many texts keep their vectors in memory, for questions that are asked again; 0 for none.",
    };

    public static readonly Setting<TimeSpan> EmbeddingTimeout = new("EMBEDDING_TIMEOUT", DurationFormat.Between("1s", "10m"))
    {
        Default = "1m",
        Meaning = "How long a provider may take for one request, with all its retries. Ollama may have to load the model first.",
    };

    public static readonly Setting<int?> EmbeddingConcurrency = new("EMBEDDING_CONCURRENCY", Formats.Integer(1, 1024).OrNull())
    {
        UnsetMeaning = "one for each core for `local`, else 4",
        Meaning = "How many texts are embedded at the same time; of a provider, how many requests.",
    };

    private static SettingGroup EmbeddingGroup => new(
        "Embeddings",
        "These settings are for new collections. Vectors of different models can't be compared, so a collection is used with the model that wrote it: the configured one, or one that lies beside the program.",
        [
            EmbeddingProvider, EmbeddingModel, EmbeddingModelPath, QueryPrefix, DocumentPrefix, EmbeddingUrl, EmbeddingApiKey, EmbeddingDimensions,
            EmbeddingCacheSize, EmbeddingTimeout, EmbeddingConcurrency,
        ]);
}
