using McpQdrant.Core.Memories;

namespace McpQdrant.Embeddings.Local;

/// <summary>Finds the model that the options mean. Nothing is ever downloaded.</summary>
internal static class ModelLocator
{
    private const string Models = "models";

    /// <exception cref="MemoryException">It isn't there; the message says where it was looked for and how to get it.</exception>
    public static ModelFolder Find(EmbeddingOptions options)
    {
        if (options.ModelPath is { } path)
            return Directory.Exists(path)
                ? new ModelFolder(path, options.Model ?? NameOf(path))
                : throw new MemoryException($"EMBEDDING_MODEL_PATH names the folder '{path}', which isn't there. {ModelFolder.HowToGetOne}");

        var name = options.Model is null || KnownModels.IsShipped(options.Model) ? KnownModels.Shipped : options.Model;
        var folder = name[(name.LastIndexOf('/') + 1)..];
        var beside = Path.Combine(AppContext.BaseDirectory, Models, folder);
        return folder is not ("" or "." or "..") && Directory.Exists(beside)
            ? new ModelFolder(beside, name)
            : throw new MemoryException(
                $"The embedding model '{name}' isn't here: it was looked for in {Models}/{folder} beside the program, which holds only "
                + $"{KnownModels.Shipped} by itself. Nothing is downloaded. {ModelFolder.HowToGetOne}");
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
