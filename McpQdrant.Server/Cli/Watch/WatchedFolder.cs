using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Markdown;

namespace McpQdrant.Server.Cli.Watch;

/// <summary>What a folder holds at a moment.</summary>
/// <param name="Unreadable">Files that are there and can't be read, with the reason: what is known of them stays.</param>
internal sealed record FolderContent(IReadOnlyList<WatchedNote> Notes, IReadOnlyDictionary<string, string> Unreadable);

/// <summary>Reads a folder of notes again and again; files that did not change since are not read twice.</summary>
/// <param name="name">What the folder is called in metadata.</param>
internal sealed class WatchedFolder(string folder, string name, bool isSplit)
{
    private Dictionary<string, ReadNote> _known = [];

    /// <exception cref="MemoryException">It isn't there, or a part of it can't be read: nobody knows then what was deleted.</exception>
    public FolderContent Read(CancellationToken cancellationToken)
    {
        var now = new Dictionary<string, ReadNote>();
        foreach (var file in Find())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var info = new FileInfo(file);
            // Gone in this moment: the next look sees it.
            if (info.Exists)
                now[path] = _known.TryGetValue(path, out var known) && known.IsOf(info) ? known : Read(file, path, info);
        }
        _known = now;
        return new FolderContent(
            [.. now.Values.SelectMany(note => note.Notes)],
            now.Where(note => note.Value.Failure is not null).ToDictionary(note => note.Key, note => note.Value.Failure!));
    }

    private IReadOnlyList<string> Find()
    {
        try
        {
            return MarkdownFolder.FindFiles(folder, isStrict: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The folder {folder} can't be read, so nothing was changed: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    private ReadNote Read(string file, string path, FileInfo info)
    {
        var entries = MarkdownFolder.ReadFile(file, path, isSplit).ToList();
        // A file without text is no memory, as if it weren't there.
        var failure = info.Length == 0 ? null : entries.OfType<ImportEntry.Unreadable>().FirstOrDefault()?.Reason;
        return new ReadNote(info.LastWriteTimeUtc, info.Length, [.. WatchedNote.Of(name, entries.OfType<ImportEntry.Item>().Select(item => item.Memory))], failure);
    }

    private sealed record ReadNote(DateTime WrittenAt, long Length, IReadOnlyList<WatchedNote> Notes, string? Failure)
    {
        public bool IsOf(FileInfo info) => info.LastWriteTimeUtc == WrittenAt && info.Length == Length;
    }
}
