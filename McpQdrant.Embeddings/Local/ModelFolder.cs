using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Embeddings.Local;

/// <summary>A folder with a sentence-transformers model in ONNX form, as Hugging Face lays it out.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Name">The model's name, for instance <c>BAAI/bge-small-en-v1.5</c>.</param>
internal sealed record ModelFolder(string Path, string Name)
{
    /// <summary>The graph: the plain one first, a quantized one where there is nothing else.</summary>
    /// <exception cref="MemoryException">There is none.</exception>
    public string OnnxFile =>
        Candidates("").Concat(Candidates("onnx")).FirstOrDefault()
        ?? throw new MemoryException($"The folder of the embedding model {Name} has no model.onnx and no onnx/model.onnx. {HowToGetOne}");

    public const string HowToGetOne =
        "Download the model's ONNX files from Hugging Face (model.onnx or onnx/model.onnx, tokenizer.json or vocab.txt, config.json, "
        + "1_Pooling/config.json) into a folder and name it in EMBEDDING_MODEL_PATH.";

    public bool Has(string file) => File.Exists(System.IO.Path.Combine(Path, file));

    public Stream Open(string file) => File.OpenRead(System.IO.Path.Combine(Path, file));

    /// <summary>Reads something from the files, which are others' work: whatever is missing or odd in them makes a parser throw what it happens to throw.</summary>
    /// <exception cref="MemoryException">They can't be read, or not understood.</exception>
    public T Read<T>(Func<ModelFolder, T> read)
    {
        try
        {
            return read(this);
        }
        catch (Exception e) when (e is not MemoryException)
        {
            throw new MemoryException(
                $"The files of the embedding model {Name} can't be used: {e.GetBaseException().Message.TrimEnd('.')}. Check that this user may read them, or download them again.", e);
        }
    }

    /// <summary>A JSON file of the folder; an empty object where there is none.</summary>
    /// <exception cref="MemoryException">It is no JSON.</exception>
    public JsonElement ReadJson(string file)
    {
        if (!Has(file))
            return JsonElement.Parse("{}");

        try
        {
            using var stream = Open(file);
            using var document = JsonDocument.Parse(stream);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new MemoryException($"The file {file} of the embedding model {Name} isn't valid JSON. Download it again.", e);
        }
    }

    private IEnumerable<string> Candidates(string folder)
    {
        var path = System.IO.Path.Combine(Path, folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "model*.onnx").OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)
            : [];
    }
}
