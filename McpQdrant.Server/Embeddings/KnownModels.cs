using McpQdrant.Server.Embeddings.Local;

namespace McpQdrant.Server.Embeddings;

/// <summary>What models are known to want, by their names, where their files or servers don't say.</summary>
/// <remarks>Prefixes and pooling are those of the models' own cards.</remarks>
internal static class KnownModels
{
    public const string Shipped = "sentence-transformers/all-MiniLM-L6-v2";

    private const string SearchPrefix = "Represent this sentence for searching relevant passages: ";

    /// <summary>Whether a name, as FastEmbed and others spell it, means the model that ships.</summary>
    public static bool IsShipped(string name) => BareName(name) is "all-minilm-l6-v2" or "all-minilm-l6-v2-onnx";

    public static TextPrefixes PrefixesOf(string name) => BareName(name) switch
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
            new(model.Contains("v2", StringComparison.Ordinal) || model.EndsWith('2') ? "query: " : SearchPrefix, ""),
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

    private static string BareName(string name) => name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant();
}
