using System.Globalization;
using System.Security.Cryptography;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Backup;

/// <summary>Folders of backups: one for each, named by its time, readable for their owner only.</summary>
internal static class BackupFolder
{
    /// <summary>Sorted as texts they are sorted by time. Windows has no colons in names.</summary>
    private const string NameFormat = "yyyy-MM-dd'T'HH-mm-ss'Z'";

    /// <summary>Ends the name of one that is being written.</summary>
    private const string Unfinished = ".part";

    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What a killed backup left is removed by a later one, when no backup can still be at work on it.</summary>
    private static readonly TimeSpan LongestBackup = TimeSpan.FromDays(2);

    /// <summary>Makes a folder for a backup to be written into. Its name is later than those of all others, also of one that was made in the same second.</summary>
    /// <returns>The folder, and the name that it gets when the backup is whole.</returns>
    public static (string Folder, string Finished) Create(string root, DateTimeOffset now)
    {
        CreatePrivate(root);
        var newest = new DirectoryInfo(root).EnumerateDirectories().Max(folder => TimeOf(folder.Name.Replace(Unfinished, "", StringComparison.Ordinal)));
        var time = newest >= now.AddSeconds(-1) ? newest.Value.AddSeconds(1) : now;
        var finished = Path.Combine(root, time.UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture));
        CreatePrivate(finished + Unfinished);
        return (finished + Unfinished, finished);
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerFolder);
    }

    /// <summary>Writes a file that is on the disk when this returns.</summary>
    public static void WritePrivate(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Removes the oldest backups, and what killed ones left.</summary>
    /// <param name="keep">How many of the newest stay.</param>
    /// <returns>The names of the backups that were removed.</returns>
    public static IReadOnlyList<string> Rotate(string root, int keep, DateTimeOffset now)
    {
        var folders = new DirectoryInfo(root).EnumerateDirectories().Where(folder => folder.LinkTarget is null).ToList();
        foreach (var left in folders.Where(folder => folder.Name.EndsWith(Unfinished, StringComparison.Ordinal) && TimeOf(folder.Name[..^Unfinished.Length]) + LongestBackup < now))
            left.Delete(recursive: true);

        var old = folders.Where(IsBackup).OrderByDescending(folder => folder.Name, StringComparer.Ordinal).Skip(keep).ToList();
        foreach (var backup in old)
            backup.Delete(recursive: true);
        return [.. old.Select(backup => backup.Name)];
    }

    /// <summary>The backup that a person means: the folder itself, or the newest in it.</summary>
    /// <exception cref="MemoryException">There is none.</exception>
    public static string Find(string path)
    {
        if (File.Exists(Path.Combine(path, BackupManifest.FileName)))
            return path;

        var newest = Directory.Exists(path) ? new DirectoryInfo(path).EnumerateDirectories().Where(IsBackup).MaxBy(folder => folder.Name, StringComparer.Ordinal) : null;
        return newest?.FullName ?? throw new MemoryException(
            $"There is no backup in '{path}': neither it nor a folder in it has a {BackupManifest.FileName}. Name a folder that `backup` wrote.");
    }

    public static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    private static bool IsBackup(DirectoryInfo folder) => TimeOf(folder.Name) is not null && File.Exists(Path.Combine(folder.FullName, BackupManifest.FileName));

    private static DateTimeOffset? TimeOf(string name) =>
        DateTimeOffset.TryParseExact(name, NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
