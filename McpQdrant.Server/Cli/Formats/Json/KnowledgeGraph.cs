using System.Text;
using System.Text.Json;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>The file of <c>@modelcontextprotocol/server-memory</c>: an entity with its observations or a relation a line.</summary>
/// <remarks>https://github.com/modelcontextprotocol/servers/tree/main/src/memory</remarks>
internal static class KnowledgeGraph
{
    public static bool Fits(JsonElement line) => Fields.TextOf(line, "type") switch
    {
        "entity" => Fields.Find(line, "observations") is not null,
        "relation" => Fields.Find(line, "relationType") is not null,
        _ => false,
    };

    public static IEnumerable<ImportEntry> Read(JsonElement line, string place) => Fields.TextOf(line, "type") switch
    {
        "entity" => [new ImportEntry.Item(place, Entity(line))],
        "relation" => [new ImportEntry.Item(place, Relation(line))],
        _ => throw new FieldException("its 'type' is neither 'entity' nor 'relation'"),
    };

    /// <summary>What is known of one thing is one memory: its name finds all of it.</summary>
    private static ImportedMemory Entity(JsonElement line)
    {
        var (name, type) = (Required(line, "name"), Fields.TextOf(line, "entityType"));
        if (Fields.Find(line, "observations") is not { ValueKind: JsonValueKind.Array } observations)
            throw new FieldException("its 'observations' are no array");

        var text = new StringBuilder(name);
        if (!string.IsNullOrWhiteSpace(type))
            text.Append(" (").Append(type).Append(')');
        foreach (var observation in observations.EnumerateArray())
        {
            if (observation.ValueKind != JsonValueKind.String)
                throw new FieldException("one of its 'observations' is no text");
            text.Append("\n- ").Append(observation.GetString());
        }
        return new ImportedMemory(text.ToString(), Fields.Object(json =>
        {
            json.WriteString("entity", name);
            Fields.Copy(json, line, "entityType");
        }));
    }

    private static ImportedMemory Relation(JsonElement line)
    {
        var (from, relation, to) = (Required(line, "from"), Required(line, "relationType"), Required(line, "to"));
        return new ImportedMemory($"{from} {relation} {to}", Fields.Object(json => Fields.Copy(json, line, "from", "relationType", "to")));
    }

    private static string Required(JsonElement line, string name) =>
        Fields.TextOf(line, name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw new FieldException($"it has no text '{name}'");
}
