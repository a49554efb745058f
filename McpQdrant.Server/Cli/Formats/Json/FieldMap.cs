using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>Which fields of an object are which of a memory's: <c>--map text=body,created=date</c>. The others become metadata.</summary>
internal sealed class FieldMap
{
    private static readonly string[] Parts = ["text", "id", "created", "updated", "metadata"];

    private readonly Dictionary<string, string> _names;

    private FieldMap(Dictionary<string, string> names, bool isGiven) => (_names, IsGiven) = (names, isGiven);

    /// <summary>Whether somebody said so; otherwise fields have the names that a memory's have.</summary>
    public bool IsGiven { get; }

    /// <exception cref="MemoryException">It can't be read.</exception>
    public static FieldMap Parse(string? text)
    {
        var names = Parts.ToDictionary(part => part);
        if (text is null)
            return new FieldMap(names, isGiven: false);

        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [var part, { Length: > 0 } name] || !Parts.Contains(part))
                throw new MemoryException($"--map: '{pair}' is no pair of a part of a memory ({string.Join(", ", Parts)}) and a field. Write it as text=body,created=date.");
            names[part] = name;
        }
        return new FieldMap(names, isGiven: true);
    }

    /// <exception cref="MemoryException">The first object of a file has no text, so probably none has.</exception>
    public void RequireText(JsonElement first, string file)
    {
        if (Find(first, "text") is null)
            throw new MemoryException(
                $"The first entry of '{file}' has no field '{_names["text"]}' for the text. Say which field it is with --map text=FIELD; there are: {string.Join(", ", first.EnumerateObject().Take(20).Select(field => field.Name))}.");
    }

    public IEnumerable<ImportEntry> Read(JsonElement item, string place)
    {
        var text = Find(item, "text") switch
        {
            null => throw new FieldException($"it has no field '{_names["text"]}'"),
            { ValueKind: JsonValueKind.String } value => value.GetString()!,
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            _ => throw new FieldException($"its '{_names["text"]}' is not a text"),
        };
        if (string.IsNullOrWhiteSpace(text))
            throw new FieldException($"its '{_names["text"]}' is empty");

        yield return new ImportEntry.Item(place, new ImportedMemory(text, MetadataOf(item))
        {
            Id = IdOf(item),
            Created = TimeOf(item, "created"),
            Updated = TimeOf(item, "updated"),
        });
    }

    /// <summary>What somebody said is the id must be one; what is only called so is kept among the metadata.</summary>
    private MemoryId? IdOf(JsonElement item)
    {
        var name = _names["id"];
        var id = Fields.IdOf(item, name);
        return id is null && name != "id" && Fields.Find(item, name) is not null ? throw new FieldException($"its '{name}' is neither a UUID nor a whole number") : id;
    }

    private JsonElement? Find(JsonElement item, string part) => Fields.Find(item, _names[part]);

    private DateTimeOffset? TimeOf(JsonElement item, string part) =>
        Find(item, part) is not { } value || value is { ValueKind: JsonValueKind.String } text && text.ValueEquals("")
            ? null
            : Fields.TimeOf(value) ?? throw new FieldException($"its '{_names[part]}' is no time; write it as 2026-01-31T12:00:00Z");

    /// <summary>The object of the metadata, and beside it the fields that are nothing else.</summary>
    private JsonElement? MetadataOf(JsonElement item)
    {
        var metadata = Find(item, "metadata");
        var others = item.EnumerateObject().Where(field => !IsUsed(field.Name, item)).ToList();
        if (metadata is null && others.Count == 0)
            return null;

        return Fields.Object(json =>
        {
            if (metadata is { ValueKind: JsonValueKind.Object } fields)
                foreach (var field in fields.EnumerateObject().Where(field => others.TrueForAll(other => other.Name != field.Name)))
                    field.WriteTo(json);
            foreach (var other in others)
                other.WriteTo(json);
        });
    }

    /// <summary>An id that no store takes, and metadata that are no object, are kept as any other field.</summary>
    private bool IsUsed(string name, JsonElement item) => Array.Find(Parts, part => _names[part] == name) switch
    {
        null => false,
        "id" => Fields.IdOf(item, name) is not null,
        "metadata" => Fields.Find(item, name) is null or { ValueKind: JsonValueKind.Object },
        _ => true,
    };
}
