using System.IO.Compression;
using McpQdrant.Core.Memories;
using ZstdSharp;

namespace McpQdrant.Server.Cli.Transfer;

/// <summary>Files of memories: compressed by their names, and never half written.</summary>
internal static class MemoryFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Writes a file whole or not at all: it has its name when it is finished.</summary>
    /// <exception cref="MemoryException">It can't be written.</exception>
    public static async Task<T> WriteAsync<T>(string path, Func<Stream, Task<T>> write)
    {
        var unfinished = $"{path}.part";
        try
        {
            T result;
            await using (var file = new FileStream(unfinished, Private(new FileStreamOptions { Mode = FileMode.Create, BufferSize = BufferSize, Access = FileAccess.Write, Share = FileShare.None })))
            {
                await using (var compressed = Compressed(file, path))
                    result = await write(compressed ?? file);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
            return result;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TryDelete(unfinished);
            throw new MemoryException($"'{path}' can't be written: {failure.Message}", failure);
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    /// <summary>As the end of its name says; null for not at all. The file stays open.</summary>
    private static Stream? Compressed(FileStream file, string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".gz" => new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true),
        ".zst" => new CompressionStream(file, level: 3, leaveOpen: true),
        _ => null,
    };

    /// <summary>Memories are private.</summary>
    private static FileStreamOptions Private(FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What went wrong first is what is told; the name says that the file isn't finished.
        }
    }
}
