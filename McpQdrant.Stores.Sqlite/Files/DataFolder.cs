using McpQdrant.Core.Memories;

namespace McpQdrant.Stores.Sqlite.Files;

/// <summary>The folder that holds the embedded store's file. Memories are private: what is made here is for its owner only.</summary>
internal static class DataFolder
{
    public const string FileName = "memories.db";

    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whether files can be made there, which nothing but making one tells for certain.</summary>
    public static bool IsWritable(string folder)
    {
        try
        {
            new FileStream(Path.Combine(folder, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The path of the file, as SQLite gets it: a full path is never taken for a URI.</summary>
    public static string FileIn(string folder) => Path.GetFullPath(FileName, Path.GetFullPath(folder));

    /// <summary>Makes the folder and an empty file where they don't exist.</summary>
    /// <returns>The path of the file.</returns>
    /// <exception cref="MemoryException">The folder can't be made, or is another program's.</exception>
    public static string Prepare(string folder)
    {
        var file = FileIn(folder);
        if (File.Exists(file))
        {
            Protect(file);
            return file;
        }

        if (File.Exists(Path.Combine(folder, "meta.json")) || Directory.Exists(Path.Combine(folder, "collection")))
            throw new MemoryException(
                "The data folder holds memories of the Python client's local mode, and they were left as they are. " +
                "Set QDRANT_LOCAL_PATH to another folder, then take them over: mcp-server-qdrant import FOLDER.");

        try
        {
            MakeFolder(folder);
            MakeFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MemoryException(
                "The data folder can't be made or written to. Check its owner and permissions, or set QDRANT_LOCAL_PATH to another folder.", e);
        }

        return file;
    }

    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerFolder);
    }

    /// <summary>Takes others' rights from files that came here by other ways, a restored backup for instance.</summary>
    private static void Protect(string file)
    {
        if (OperatingSystem.IsWindows())
            return;

        foreach (var one in (string[])[file, $"{file}-wal", $"{file}-shm"])
        {
            try
            {
                if (File.Exists(one) && File.GetUnixFileMode(one) is var mode && (mode & ~OwnerFile) != 0)
                    File.SetUnixFileMode(one, mode & OwnerFile);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is another user's, or on a disk that is read-only: whoever may change its rights decides on them.
            }
        }
    }

    // SQLite gives the files beside this one the same permissions. A file that exists is never opened here: closing it would
    // release the locks that SQLite holds on it in this process (POSIX locks belong to the process, not to the handle).
    public static void MakeFile(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;

        try
        {
            new FileStream(file, options).Dispose();
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was faster.
        }
    }
}
