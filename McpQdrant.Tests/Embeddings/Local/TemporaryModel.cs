using McpQdrant.Embeddings.Local;

namespace McpQdrant.Tests.Embeddings.Local;

/// <summary>A folder with some files of the tiny model, to add to and to spoil.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public TemporaryModel(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.Copy(Path.Combine(ModelFolders.TinyPath, file), At(file));
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("model-").FullName;

    public ModelFolder Folder => new(Root, "tiny-test");

    public string At(string file) => Path.Combine(Root, file);

    public TemporaryModel Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        File.WriteAllText(At(file), text);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
