using McpQdrant.Core.Memories;

namespace McpQdrant.Stores.Sqlite.Files;

/// <summary>A file of memories in a folder that can't be written to, for instance on a mount for reading alone.</summary>
/// <param name="Path">The file.</param>
/// <param name="Stamp">What tells whether somebody changed it by another way into the folder.</param>
internal sealed record FrozenFile(string Path, (long Length, DateTime WrittenAt, bool HasLog) Stamp)
{
    /// <summary>What SQLite opens: without locks and without files of its own beside it.</summary>
    public string Address => $"{new Uri(Path).AbsoluteUri}?immutable=1";

    public bool HasChanged => StampOf(Path) != Stamp;

    /// <exception cref="MemoryException">Writes are still in the log beside the file, which would have to be merged into it.</exception>
    public static FrozenFile Of(string file)
    {
        var stamp = StampOf(System.IO.Path.GetFullPath(file));
        return !stamp.HasLog
            ? new FrozenFile(System.IO.Path.GetFullPath(file), stamp)
            : throw new MemoryException(
                $"The data folder is read-only, and its last memories are still in {DataFolder.FileName}-wal. End the server that writes there, or open the folder once where it can be written to.");
    }

    private static (long Length, DateTime WrittenAt, bool HasLog) StampOf(string file)
    {
        var (info, log) = (new FileInfo(file), new FileInfo($"{file}-wal"));
        return (info.Exists ? info.Length : -1, info.LastWriteTimeUtc, log is { Exists: true, Length: > 0 });
    }
}
