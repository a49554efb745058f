using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using ZstdSharp;

namespace McpQdrant.Server.Cli.Transfer;

/// <summary>Files of memories: opened, compressed by their names, and never half written.</summary>
internal static class MemoryFile
{
    /// <summary>In place of a file: standard input or output.</summary>
    public const string Standard = "-";

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

    /// <summary>Reads the lines of a file, compressed or not. It is opened anew each time.</summary>
    /// <exception cref="MemoryException">It can't be read, or is damaged.</exception>
    public static async IAsyncEnumerable<ImportEntry> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var input = Open(path);
        var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize));
        var lines = new LineReader(pipe, MemoryLines.MaxLineBytes);
        for (var number = 1; ; number++)
        {
            Line? line;
            try
            {
                line = await lines.ReadAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or InvalidDataException or ZstdException)
            {
                throw new MemoryException($"'{path}' is damaged or was cut off after line {number - 1}: {failure.Message}", failure);
            }
            if (line is null)
                break;
            if (MemoryLines.Read(line, $"line {number}") is { } entry)
                yield return entry;
        }
        await pipe.CompleteAsync();
    }

    private static Stream Open(string path)
    {
        if (path == Standard)
            return Console.OpenStandardInput();
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, useAsync: false);
            return Decompressed(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new MemoryException($"'{path}' can't be read: {failure.Message}", failure);
        }
    }

    /// <summary>As the end of its name says; null for not at all. The file stays open.</summary>
    private static Stream? Compressed(FileStream file, string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".gz" => new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true),
        ".zst" => new CompressionStream(file, level: 3, leaveOpen: true),
        _ => null,
    };

    /// <summary>As its first bytes say, whatever its name.</summary>
    private static Stream Decompressed(FileStream file)
    {
        var start = new byte[4];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(file, CompressionMode.Decompress),
            [0x28, 0xB5, 0x2F, 0xFD] when length == start.Length => new DecompressionStream(file, leaveOpen: false),
            _ => file,
        };
    }

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
