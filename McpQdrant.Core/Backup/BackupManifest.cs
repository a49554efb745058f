using System.Buffers;
using System.Globalization;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Backup;

/// <summary>What stands beside the files of a backup: what they are, and how to tell that they are whole.</summary>
public sealed record BackupManifest
{
    public const string FileName = "manifest.json";
    public const string Format = "mcp-server-qdrant backup";

    /// <summary>Grows when older versions of this program would misread a backup.</summary>
    public const int Version = 1;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>When the backup was begun; what was stored before is in it.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The version of the program that made it.</summary>
    public required string Program { get; init; }

    /// <summary>The kind of store; see <see cref="IStoreBackup.Kind"/>.</summary>
    public required string Store { get; init; }

    public required string StoreVersion { get; init; }

    public required IReadOnlyList<BackupFile> Files { get; init; }

    public IEnumerable<CopiedCollection> Collections => Files.SelectMany(file => file.Collections);

    public long Memories => Collections.Where(collection => collection.Name.Value != CollectionName.ChangeLog).Sum(collection => collection.Memories);

    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("created", Rfc3339.Write(Created));
            json.WriteString("program", Program);
            json.WriteString("store", Store);
            json.WriteString("store_version", StoreVersion);
            json.WriteStartArray("files");
            foreach (var file in Files)
                file.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <exception cref="MemoryException">It is no manifest, or one of a newer version.</exception>
    public static BackupManifest Read(ReadOnlySpan<byte> utf8, string path)
    {
        try
        {
            var json = JsonElement.Parse(utf8);
            if (json.GetProperty("format").GetString() != Format)
                throw new MemoryException($"'{path}' is no manifest of a backup: its 'format' is not '{Format}'.");
            if (json.GetProperty("version").GetInt32() is var version && version != Version)
                throw new MemoryException($"The backup has format {version}, and this program reads format {Version}. Use the version that wrote it, or a newer one.");

            return new BackupManifest
            {
                Created = DateTimeOffset.Parse(json.GetProperty("created").GetString()!, CultureInfo.InvariantCulture),
                Program = json.GetProperty("program").GetString()!,
                Store = json.GetProperty("store").GetString()!,
                StoreVersion = json.GetProperty("store_version").GetString()!,
                Files = [.. json.GetProperty("files").EnumerateArray().Select(file => BackupFile.Read(file))],
            };
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new MemoryException($"The manifest '{path}' can't be read: {Why(wrong)}. It was changed, or cut off; restore another backup.", wrong);
        }
    }

    private static string Why(Exception wrong) => wrong is JsonException ? "it is not JSON" : "it lacks a field, or has one of another kind";
}

/// <summary>A file of a backup.</summary>
/// <param name="Name">Within the backup's folder.</param>
/// <param name="Sha256">In lower-case hexadecimal digits.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256, IReadOnlyList<CopiedCollection> Collections)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteNumber("bytes", Bytes);
        json.WriteString("sha256", Sha256);
        json.WriteStartArray("collections");
        foreach (var collection in Collections)
        {
            json.WriteStartObject();
            json.WriteString("name", collection.Name.Value);
            json.WriteNumber("memories", collection.Memories);
            if (collection.Model is { } model)
                json.WriteString("model", model);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">The name leads out of the folder, or nowhere.</exception>
    internal static BackupFile Read(JsonElement json)
    {
        var name = json.GetProperty("name").GetString()!;
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            throw new FormatException("A file's name is no plain name.");

        return new BackupFile(name, json.GetProperty("bytes").GetInt64(), json.GetProperty("sha256").GetString()!,
        [
            .. json.GetProperty("collections").EnumerateArray().Select(collection => new CopiedCollection(
                CollectionName.Parse(collection.GetProperty("name").GetString()!),
                collection.GetProperty("memories").GetInt64(),
                collection.TryGetProperty("model", out var model) ? model.GetString() : null)),
        ]);
    }
}
