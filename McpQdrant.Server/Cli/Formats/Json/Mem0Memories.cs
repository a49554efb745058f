using System.Text.Json;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>What mem0's <c>get_all</c> brings, or an export of it: objects with the text as <c>memory</c>.</summary>
/// <remarks>https://docs.mem0.ai/cookbooks/essentials/exporting-memories, https://docs.mem0.ai/api-reference/memory/get-memories</remarks>
internal static class Mem0Memories
{
    /// <summary>What mem0 keeps beside the metadata that somebody gave.</summary>
    private static readonly string[] Beside = ["user_id", "agent_id", "app_id", "run_id", "actor_id", "role", "categories"];

    public static bool Fits(JsonElement item) => Fields.TextOf(item, "memory") is not null;

    public static IEnumerable<ImportEntry> Read(JsonElement item, string place)
    {
        if (Fields.TextOf(item, "memory") is not { } text || string.IsNullOrWhiteSpace(text))
            throw new FieldException("it has no text 'memory'");

        var metadata = Fields.Object(json =>
        {
            if (Fields.Find(item, "metadata") is { ValueKind: JsonValueKind.Object } given)
                foreach (var field in given.EnumerateObject().Where(field => !Beside.Contains(field.Name)))
                    field.WriteTo(json);
            Fields.Copy(json, item, Beside);
        });
        yield return new ImportEntry.Item(place, new ImportedMemory(text, metadata.EnumerateObject().Any() ? metadata : null)
        {
            Id = Fields.IdOf(item, "id"),
            Created = Fields.TimeOf(item, "created_at"),
            Updated = Fields.TimeOf(item, "updated_at") is { } updated && updated != Fields.TimeOf(item, "created_at") ? updated : null,
        });
    }
}
