using System.IO.Compression;
using McpQdrant.Core.Memories;
using ZstdSharp;

namespace McpQdrant.Server.Cli.Formats;

/// <summary>Something that is imported, opened anew each time it is read.</summary>
/// <param name="Name">For sentences.</param>
/// <param name="OpenRaw">Opens it as it is.</param>
internal sealed record ImportSource(string Name, Func<Stream> OpenRaw)
{
    /// <summary>In place of a file: standard input or output.</summary>
    public const string Standard = "-";

    private const int BufferSize = 64 * 1024;
    private const int StartLength = 4096;

    /// <summary>The name without the end that says how it is compressed.</summary>
    public string UncompressedName => Path.GetExtension(Name).ToLowerInvariant() is ".gz" or ".zst" ? Path.GetFileNameWithoutExtension(Name) : Name;

    public static ImportSource OfFile(string path) => new(path, () => path == Standard
        ? Console.OpenStandardInput()
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, useAsync: false));

    /// <summary>What is in it, decompressed as its first bytes say, whatever its name.</summary>
    /// <exception cref="MemoryException">It can't be opened.</exception>
    public Stream Open()
    {
        try
        {
            var raw = OpenRaw();
            return raw.CanSeek ? Decompressed(raw) : raw;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new MemoryException($"'{Name}' can't be read: {failure.Message}", failure);
        }
    }

    /// <summary>Its first bytes, decompressed.</summary>
    /// <exception cref="MemoryException">It can't be read.</exception>
    public byte[] ReadStart()
    {
        using var input = Open();
        var start = new byte[StartLength];
        try
        {
            return start[..input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw new MemoryException($"'{Name}' is damaged or was cut off after line 0: {failure.Message}", failure);
        }
    }

    /// <summary>Whether a failure says that what is read is damaged, or the disk.</summary>
    public static bool IsDamage(Exception failure) => failure is IOException or InvalidDataException or ZstdException;

    private static Stream Decompressed(Stream file)
    {
        var start = new byte[4];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start switch
        {
            [0x1F, 0x8B, ..] => new BoundedExpansion(new GZipStream(file, CompressionMode.Decompress), file.Length),
            [0x28, 0xB5, 0x2F, 0xFD] when length == start.Length => new BoundedExpansion(new DecompressionStream(file, leaveOpen: false), file.Length),
            _ => file,
        };
    }
}
