using System.IO.Compression;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Formats;

/// <summary>The files of conversations in what ChatGPT and Claude export: a zip file, or the folder that it was unpacked into.</summary>
internal static class ConversationFiles
{
    private static readonly byte[] Zip = "PK\u0003\u0004"u8.ToArray();

    public static IReadOnlyList<ImportSource> InFolder(string folder) =>
        [.. Directory.GetFiles(folder).Where(IsOne).Order(StringComparer.Ordinal).Select(ImportSource.OfFile)];

    /// <returns>None for a file that is no zip file.</returns>
    /// <exception cref="MemoryException">It is a zip file, and there are none in it, or it can't be read.</exception>
    /// <remarks>Nothing is unpacked onto the disk, so that names in it lead nowhere.</remarks>
    public static IReadOnlyList<ImportSource> InZip(string path)
    {
        if (!File.Exists(path) || !ImportSource.OfFile(path).ReadStart().AsSpan().StartsWith(Zip))
            return [];

        try
        {
            using var archive = ZipFile.OpenRead(path);
            ImportSource[] found =
            [
                .. from entry in archive.Entries
                   where IsOne(entry.FullName)
                   orderby entry.FullName
                   select new ImportSource($"{path}/{entry.FullName}", () => Open(path, entry.FullName)),
            ];
            return found.Length > 0
                ? found
                : throw new MemoryException($"'{path}' has no conversations.json in it, so it is no export of ChatGPT or Claude. Unpack another one yourself, and name the file or folder in it.");
        }
        catch (Exception failure) when (ImportSource.IsDamage(failure))
        {
            throw new MemoryException($"'{path}' is a zip file that is damaged or was cut off: {failure.Message}", failure);
        }
    }

    private static bool IsOne(string path) => Path.GetFileName(path) is var name
        && name.StartsWith("conversations", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal);

    private static BoundedExpansion Open(string path, string name)
    {
        var archive = ZipFile.OpenRead(path);
        var entry = archive.GetEntry(name) ?? throw new FileNotFoundException($"There is no '{name}' in it any more.");
        return new BoundedExpansion(entry.Open(), entry.CompressedLength, archive);
    }
}
