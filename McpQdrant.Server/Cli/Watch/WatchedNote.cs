using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Json;

namespace McpQdrant.Server.Cli.Watch;

/// <summary>Which part of which file a memory comes from.</summary>
/// <param name="Path">Within the folder, with slashes.</param>
/// <param name="Heading">With those above it; null where the file is one memory.</param>
/// <param name="Part">Counts the parts of a file that have the same heading, from 0.</param>
internal readonly record struct NoteKey(string Path, string? Heading, int Part);

/// <summary>A note of a watched folder, as a memory that says where it comes from: what a later run needs to know stands in the memories themselves.</summary>
/// <param name="Hash">Of what was written in the file, without its name, so that a renamed file is known again.</param>
internal sealed record WatchedNote(NoteKey Key, string Hash, ImportedMemory Memory)
{
    public const string FolderField = "folder";
    private const string PathField = "path";
    private const string HeadingField = "heading";
    private const string PartField = "part";
    private const string HashField = "hash";
    private const int HashLength = 32;

    /// <param name="folder">What the folder is called in metadata.</param>
    /// <param name="memories">All memories of one file.</param>
    public static IEnumerable<WatchedNote> Of(string folder, IEnumerable<ImportedMemory> memories)
    {
        var parts = new Dictionary<(string, string?), int>();
        foreach (var memory in memories)
        {
            var metadata = memory.Metadata!.Value;
            var (path, heading) = (Fields.TextOf(metadata, PathField)!, Fields.TextOf(metadata, HeadingField));
            var part = parts[(path, heading)] = parts.GetValueOrDefault((path, heading), -1) + 1;
            var hash = HashOf(memory.Text, metadata, path);
            yield return new WatchedNote(new NoteKey(path, heading, part), hash, memory with
            {
                Metadata = Fields.Object(json =>
                {
                    foreach (var field in metadata.EnumerateObject().Where(field => field.Name is not (FolderField or PartField or HashField)))
                        field.WriteTo(json);
                    json.WriteString(FolderField, folder);
                    if (part > 0)
                        json.WriteNumber(PartField, part);
                    json.WriteString(HashField, hash);
                }),
            });
        }
    }

    /// <returns>Null for a memory that no watch made, or whose metadata somebody has changed beyond recognition.</returns>
    public static (NoteKey Key, string Hash)? Origin(JsonElement? metadata) =>
        metadata is { } fields && Fields.TextOf(fields, PathField) is { } path && Fields.TextOf(fields, HashField) is { } hash
            ? (new NoteKey(path, Fields.TextOf(fields, HeadingField), Fields.Find(fields, PartField) is { ValueKind: JsonValueKind.Number } part && part.TryGetInt32(out var number) ? number : 0), hash)
            : null;

    /// <summary>The same note under the id of the memory that it changes.</summary>
    public ImportedMemory Under(ImportedMemory known) => Memory with
    {
        Id = known.Id,
        Created = known.Created ?? Memory.Created,
        Updated = Memory.Created > known.Created ? Memory.Created : Memory.Updated,
    };

    private static string HashOf(string text, JsonElement metadata, string path)
    {
        var named = $"# {System.IO.Path.GetFileNameWithoutExtension(path)}";
        var written = text.StartsWith(named, StringComparison.Ordinal) ? text[named.Length..] : text;
        var fields = Fields.Object(json =>
        {
            foreach (var field in metadata.EnumerateObject().Where(field => field.Name != PathField))
                field.WriteTo(json);
        });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{written}\0{fields.GetRawText()}")))[..HashLength];
    }
}
