using McpQdrant.Embeddings.Local;

namespace McpQdrant.Embeddings;

/// <summary>What models are known to want, by their names, where their files or servers don't say.</summary>
/// <remarks>Prefixes and pooling are those of the models' own cards.</remarks>
internal static class KnownModels
{
    public const string Shipped = "sentence-transformers/all-MiniLM-L6-v2";

    /// <summary>In the repository too; it is published where it is asked for.</summary>
    public const string Multilingual = "intfloat/multilingual-e5-small";

    private const string SearchPrefix = "Represent this sentence for searching relevant passages: ";

    /// <summary>Whether a name, as FastEmbed and others spell it, means the model that ships.</summary>
    public static bool IsShipped(string name) => BareName(name) is "all-minilm-l6-v2" or "all-minilm-l6-v2-onnx";

    /// <summary>The full name of a model that may lie beside the program, however it is spelled; of another one the name as it is.</summary>
    public static string FullNameOf(string name) => BareName(name) switch
    {
        _ when IsShipped(name) => Shipped,
        "multilingual-e5-small" => Multilingual,
        _ => name,
    };

    /// <param name="name">With or without what LM Studio puts before names, and what Ollama puts after a colon.</param>
    public static TextPrefixes PrefixesOf(string name) => BareName(name).Replace("text-embedding-", "", StringComparison.Ordinal) switch
    {
        var model when model.Contains("instruct", StringComparison.Ordinal) => TextPrefixes.None,
        var model when model.StartsWith("e5-", StringComparison.Ordinal) || model.StartsWith("multilingual-e5-", StringComparison.Ordinal) =>
            new("query: ", "passage: "),
        var model when model.StartsWith("nomic-embed-text", StringComparison.Ordinal) => new("search_query: ", "search_document: "),
        var model when model.StartsWith("bge-m3", StringComparison.Ordinal) => TextPrefixes.None,
        var model when model.StartsWith("bge-", StringComparison.Ordinal) && model.Contains("-zh", StringComparison.Ordinal) =>
            new("为这个句子生成表示以用于检索相关文章：", ""),
        var model when model.StartsWith("bge-", StringComparison.Ordinal) || model.StartsWith("mxbai-embed-", StringComparison.Ordinal) =>
            new(SearchPrefix, ""),
        var model when model.StartsWith("snowflake-arctic-embed", StringComparison.Ordinal) =>
            new(model.Contains("v2", StringComparison.Ordinal) || model.Contains("embed2", StringComparison.Ordinal) ? "query: " : SearchPrefix, ""),
        _ => TextPrefixes.None,
    };

    public static Pooling PoolingOf(string name)
    {
        var model = BareName(name);
        return model.StartsWith("bge-", StringComparison.Ordinal)
            || model.StartsWith("mxbai-embed-", StringComparison.Ordinal)
            || model.StartsWith("snowflake-arctic-embed", StringComparison.Ordinal)
            ? Pooling.FirstToken
            : Pooling.Mean;
    }

    /// <summary>The model of a provider where none is named.</summary>
    public static string DefaultOf(EmbeddingProvider provider) => provider switch
    {
        EmbeddingProvider.OpenAi => "text-embedding-3-small",
        EmbeddingProvider.Ollama => "nomic-embed-text",
        EmbeddingProvider.Qdrant => "sentence-transformers/all-minilm-l6-v2",
        _ => Shipped,
    };

    /// <summary>Numbers in a vector; null for a model that isn't known.</summary>
    public static int? DimensionsOf(string name) => BareName(name) switch
    {
        "all-minilm-l6-v2" or "all-minilm-l12-v2" or "paraphrase-multilingual-minilm-l12-v2" => 384,
        "bge-small-en" or "bge-small-en-v1.5" or "e5-small-v2" or "multilingual-e5-small" or "gte-small" => 384,
        "snowflake-arctic-embed-xs" or "snowflake-arctic-embed-s" => 384,
        "bge-small-zh-v1.5" => 512,
        "all-mpnet-base-v2" or "bge-base-en" or "bge-base-en-v1.5" or "e5-base-v2" or "multilingual-e5-base" or "gte-base" => 768,
        "nomic-embed-text" or "nomic-embed-text-v1" or "nomic-embed-text-v1.5" or "snowflake-arctic-embed-m" => 768,
        "jina-embeddings-v2-base-en" or "jina-embeddings-v2-base-de" or "jina-embeddings-v2-base-code" => 768,
        "bge-large-en-v1.5" or "bge-m3" or "e5-large-v2" or "multilingual-e5-large" or "gte-large" => 1024,
        "mxbai-embed-large-v1" or "mxbai-embed-large" or "snowflake-arctic-embed-l" => 1024,
        "text-embedding-3-small" or "text-embedding-ada-002" => 1536,
        "text-embedding-3-large" => 3072,
        _ => null,
    };

    private static string BareName(string name) => name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant();
}

/// <summary>What a model wants to see before a text, to tell questions from documents.</summary>
internal sealed record TextPrefixes(string Query, string Document)
{
    public static readonly TextPrefixes None = new("", "");

    /// <summary>One word for both, part of the model's identity; empty for none.</summary>
    public string Scheme => this == None ? "" : $"{Query}|{Document}";
}
