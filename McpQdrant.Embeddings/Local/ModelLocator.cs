using McpQdrant.Core.Memories;

namespace McpQdrant.Embeddings.Local;

/// <summary>Finds the model that the options mean. Nothing is ever downloaded.</summary>
internal static class ModelLocator
{
    private const string Models = "models";

    private static string BesideProgram => Path.Combine(AppContext.BaseDirectory, Models);

    /// <exception cref="MemoryException">It isn't there; the message says where it was looked for and how to get it.</exception>
    public static ModelFolder Find(EmbeddingOptions options)
    {
        if (options.ModelPath is { } path)
            return Directory.Exists(path)
                ? new ModelFolder(path, options.Model ?? NameOf(path))
                : throw new MemoryException($"EMBEDDING_MODEL_PATH names the folder '{path}', which isn't there. {ModelFolder.HowToGetOne}");

        var name = KnownModels.FullNameOf(options.Model ?? KnownModels.Shipped);
        var folder = name[(name.LastIndexOf('/') + 1)..];
        var beside = Path.Combine(BesideProgram, folder);
        return folder is not ("" or "." or "..") && Directory.Exists(beside)
            ? new ModelFolder(beside, name)
            : throw new MemoryException(
                $"The embedding model '{name}' isn't here: it was looked for in {Models}/{folder} beside the program, which holds "
                + $"{Enumerate(Shipped())}. Nothing is downloaded. {ModelFolder.HowToGetOne}");
    }

    /// <summary>The models that lie beside the program.</summary>
    public static IReadOnlyList<ModelFolder> Shipped() => Directory.Exists(BesideProgram)
        ? [.. Directory.EnumerateDirectories(BesideProgram).Order(StringComparer.Ordinal).Select(folder => new ModelFolder(folder, KnownModels.FullNameOf(NameOf(folder))))]
        : [];

    private static string Enumerate(IReadOnlyList<ModelFolder> models) => models.Count == 0 ? "none" : string.Join(" and ", models.Select(model => model.Name));

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
