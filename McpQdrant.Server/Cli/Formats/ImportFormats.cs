using System.Runtime.CompilerServices;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Json;
using McpQdrant.Server.Cli.Formats.Markdown;
using McpQdrant.Server.Cli.Formats.Python;

namespace McpQdrant.Server.Cli.Formats;

/// <summary>Finds out what a file or folder is, by looking into it, and reads its memories.</summary>
internal static class ImportFormats
{
    private static readonly byte[] Sqlite = "SQLite format 3\0"u8.ToArray();

    /// <exception cref="MemoryException">It can't be read, is empty, or is in no format that is known.</exception>
    public static async Task<ImportInput> RecogniseAsync(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        if (path == ImportSource.Standard)
            return new ImportInput(ImportInput.OwnFormat, MemoryLineFile.ReadAsync(ImportSource.OfFile(path), cancellationToken));

        var exports = Directory.Exists(path) ? ConversationFiles.InFolder(path) : ConversationFiles.InZip(path);
        if (exports.Count > 0)
            return await JoinAsync(exports, options, cancellationToken);
        return Directory.Exists(path)
            ? RecogniseFolder(path, options, cancellationToken)
            : await RecogniseFileAsync(ImportSource.OfFile(path), options, cancellationToken);
    }

    private static ImportInput RecogniseFolder(string folder, ImportOptions options, CancellationToken cancellationToken)
    {
        if (PythonFolder.Fits(folder))
            return new ImportInput("the Python server's local folder", PythonFolder.Read(folder, cancellationToken));
        if (MarkdownFolder.FindFiles(folder).Count > 0)
            return new ImportInput("Markdown", MarkdownFolder.Read(folder, options.IsSplit, cancellationToken).ToAsyncEnumerable());
        throw new MemoryException($"'{folder}' has nothing in it that import reads: notes ({string.Join(", ", MarkdownFolder.Extensions)}), the conversations.json of an export, or what the Python server keeps.");
    }

    private static async Task<ImportInput> RecogniseFileAsync(ImportSource source, ImportOptions options, CancellationToken cancellationToken)
    {
        var start = source.ReadStart();
        if (start.Length == 0)
            throw new MemoryException($"'{source.Name}' is empty, so there is nothing to import.");
        if (start.AsSpan().StartsWith(Sqlite))
            throw new MemoryException($"'{source.Name}' is an SQLite database. Name the folder that it is in, if that is the Python server's; memories from a backup come back by `restore`.");

        var extension = Path.GetExtension(source.UncompressedName).ToLowerInvariant();
        if (extension is ".csv" or ".tsv")
            return new ImportInput("CSV", CsvFile.ReadAsync(source, options.Map, cancellationToken));
        if (MarkdownFolder.Extensions.Contains(extension))
            return new ImportInput("Markdown", MarkdownFolder.ReadFile(source.Name, options.IsSplit).ToAsyncEnumerable());
        return await JsonFormats.RecogniseAsync(source, options, cancellationToken);
    }

    /// <summary>Reads several files of one export, one after the other.</summary>
    private static async Task<ImportInput> JoinAsync(IReadOnlyList<ImportSource> sources, ImportOptions options, CancellationToken cancellationToken)
    {
        var inputs = new List<ImportInput>();
        foreach (var source in sources)
            inputs.Add(await RecogniseFileAsync(source, options, cancellationToken));
        return new ImportInput(inputs[0].Format, ReadAllAsync(cancellationToken));

        async IAsyncEnumerable<ImportEntry> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var (source, input) in sources.Zip(inputs))
            {
                await foreach (var entry in input.Entries.WithCancellation(cancellationToken))
                    yield return sources.Count == 1 ? entry : entry with { Place = $"{Path.GetFileName(source.Name)}, {entry.Place}" };
            }
        }
    }
}

/// <summary>What there is to import.</summary>
/// <param name="Format">What it was taken for, in words.</param>
/// <param name="Entries">May be read more than once.</param>
internal sealed record ImportInput(string Format, IAsyncEnumerable<ImportEntry> Entries)
{
    public const string OwnFormat = "what `export` wrote";
}

/// <summary>How what is no file of this program becomes memories.</summary>
/// <param name="Map">Which of its fields are which.</param>
/// <param name="IsSplit">Whether a conversation becomes a memory a turn, and a note a memory a heading.</param>
internal sealed record ImportOptions(FieldMap Map, bool IsSplit);
