using McpQdrant.Embeddings;
using McpQdrant.Embeddings.Local;
using McpQdrant.Embeddings.Local.Tokenizers;

namespace McpQdrant.Tests.Embeddings.Local;

internal static class ModelFolders
{
    public static ModelFolder Shipped => ModelLocator.Find(new EmbeddingOptions());

    public static ModelFolder Multilingual => ModelLocator.Find(new EmbeddingOptions { Model = "intfloat/multilingual-e5-small" });

    public static string TinyPath => Path.Combine(AppContext.BaseDirectory, "Fixtures", "tiny-test");

    public static ModelFolder Tiny => new(TinyPath, "tiny-test");

    public static ITextTokenizer Tokenizer(ModelFolder folder) => TokenizerLoader.Load(folder, ModelProfile.Of(folder).MaxTokens);
}
