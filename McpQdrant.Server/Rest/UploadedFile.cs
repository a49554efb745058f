using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats;
using McpQdrant.Server.Cli.Formats.Json;

namespace McpQdrant.Server.Rest;

/// <summary>A file that a request brought, kept in a folder of its own until the answer is given: what it is can only be told by going back and forth in it.</summary>
internal sealed class UploadedFile : IAsyncDisposable
{
    private const string Unnamed = "upload";
    private const int MaxName = 100;

    private readonly DirectoryInfo _folder;
    private readonly string _path;

    private UploadedFile(DirectoryInfo folder, string path) => (_folder, _path) = (folder, path);

    /// <summary>What it was taken for, in words.</summary>
    public string Format { get; private set; } = "";

    /// <param name="name">What the sender calls it. Its end tells some formats; nothing else comes of it.</param>
    public static async Task<UploadedFile> TakeAsync(HttpContext context, string? name)
    {
        var folder = Directory.CreateTempSubdirectory("mcp-server-qdrant-");
        var file = new UploadedFile(folder, Path.Combine(folder.FullName, Plain(name)));
        try
        {
            await using var output = new FileStream(file._path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await context.Request.Body.CopyToAsync(output, context.RequestAborted);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the entries, and says the file's name in place of its path where something is wrong with it.</summary>
    /// <param name="map">Which fields are which; null where they are named as a memory's.</param>
    /// <param name="isSplit">Whether a conversation becomes a memory a turn, and a note a memory a heading.</param>
    public async Task<T> ReadAsync<T>(string? map, bool isSplit, Func<IAsyncEnumerable<ImportEntry>, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            var input = await ImportFormats.RecogniseAsync(_path, new ImportOptions(FieldMap.Parse(string.IsNullOrEmpty(map) ? null : map), isSplit), cancellationToken);
            Format = input.Format;
            return await use(input.Entries);
        }
        catch (MemoryException wrong) when (wrong.GetType() == typeof(MemoryException) && Hide(wrong.Message) != wrong.Message)
        {
            throw new MemoryException(Hide(wrong.Message), wrong) { IsOutage = wrong.IsOutage };
        }
    }

    public string Hide(string text) => text.Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string Plain(string? name)
    {
        var plain = new string([.. (name ?? "").Split('/', '\\')[^1].Where(sign => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '-' or '_')]);
        plain = plain.Length > MaxName ? plain[^MaxName..] : plain;
        return plain.Trim('.').Length == 0 ? Unnamed : plain;
    }
}
