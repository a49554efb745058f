namespace McpQdrant.Server.Authentication.Keys;

/// <summary>The callers of the access file, as it is now; of a broken file, as it last was.</summary>
/// <remarks>
/// Whether it changed is asked at each use, which takes microseconds: notices of the file system don't come through every mount.
/// The file is opened for that, since its name may be a link to one that is exchanged as a whole.
/// </remarks>
internal sealed partial class AccessFile
{
    private readonly string _path;
    private readonly ILogger<AccessFile> _logger;
    private readonly Lock _lock = new();
    private volatile Version _version;

    /// <exception cref="AccessFileException">The file can't be used.</exception>
    public AccessFile(string path, ILogger<AccessFile> logger)
    {
        (_path, _logger) = (path, logger);
        _version = new Version(Stamp(), Read());
    }

    public CallerKeys Current
    {
        get
        {
            var stamp = Stamp();
            return stamp == _version.Stamp ? _version.Keys : Reload(stamp);
        }
    }

    private CallerKeys Reload(FileStamp? stamp)
    {
        lock (_lock)
        {
            if (stamp == _version.Stamp)
                return _version.Keys;

            var keys = _version.Keys;
            try
            {
                keys = Read();
                Reloaded(_path, keys.Count);
            }
            catch (AccessFileException broken)
            {
                Kept(_path, broken.Message);
            }
            // The stamp was taken before the file was read: a change in between is seen next time.
            _version = new Version(stamp, keys);
            return keys;
        }
    }

    private CallerKeys Read()
    {
        try
        {
            return AccessFileReader.Parse(File.ReadAllBytes(_path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AccessFileException("it can't be read.", failure);
        }
    }

    /// <returns>Null where it can't be opened.</returns>
    private FileStamp? Stamp()
    {
        try
        {
            using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "The access file {Path} changed; it has {Count} callers now")]
    private partial void Reloaded(string path, int count);

    [LoggerMessage(LogLevel.Error, "The access file {Path} changed and can't be used: {Reason} The callers stay as they were")]
    private partial void Kept(string path, string reason);

    private sealed record FileStamp(DateTime LastWrite, long Length);

    private sealed record Version(FileStamp? Stamp, CallerKeys Keys);
}
