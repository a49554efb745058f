using System.Text;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Json;

namespace McpQdrant.Server.Cli.Formats.Markdown;

/// <summary>A folder of Markdown and text: notes, an Obsidian vault, basic-memory's project. Each file is a memory, or each heading.</summary>
/// <remarks>
/// https://help.obsidian.md/properties, https://docs.basicmemory.com/concepts/knowledge-format. What begins with a dot (Obsidian's own folder, its trash) is left
/// out, and links to other places are not followed.
/// </remarks>
internal static class MarkdownFolder
{
    public static readonly string[] Extensions = [".md", ".markdown", ".txt"];

    /// <summary>More than a memory may have anyway.</summary>
    private const long MaxFileBytes = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<ImportEntry> Read(string folder, bool isSplit, CancellationToken cancellationToken)
    {
        foreach (var path in FindFiles(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var entry in ReadFile(path, Path.GetRelativePath(folder, path).Replace('\\', '/'), isSplit))
                yield return entry;
        }
    }

    /// <summary>One file, under its name alone.</summary>
    public static IEnumerable<ImportEntry> ReadFile(string path, bool isSplit) => ReadFile(path, Path.GetFileName(path), isSplit);

    /// <summary>The notes in a folder and those below it, by their paths.</summary>
    /// <param name="isStrict">Whether a folder below that can't be read is a failure; else it is left out.</param>
    public static IReadOnlyList<string> FindFiles(string folder, bool isStrict = false)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = !isStrict, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
        return [.. Directory.EnumerateFiles(folder, "*", options).Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal)];
    }

    /// <param name="name">What it is called within its folder.</param>
    public static IEnumerable<ImportEntry> ReadFile(string path, string name, bool isSplit)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
                return [new ImportEntry.Unreadable(name, $"the file is longer than {MaxFileBytes / 1024 / 1024} MiB")];

            var note = MarkdownNote.Parse(Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF'), name, File.GetLastWriteTimeUtc(path));
            return note.ToEntries(isSplit);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [new ImportEntry.Unreadable(name, $"it can't be read: {failure.Message.TrimEnd('.')}")];
        }
        catch (DecoderFallbackException)
        {
            return [new ImportEntry.Unreadable(name, "it holds bytes that are not UTF-8")];
        }
        catch (FieldException wrong)
        {
            return [new ImportEntry.Unreadable(name, wrong.Message)];
        }
    }
}
