using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Server.Tools;

/// <summary>Sets fields of a JSON object, removes those that are null, and keeps the rest: RFC 7396 at the first level.</summary>
internal static class MetadataMerge
{
    public static JsonElement? Of(JsonElement? old, JsonElement? changes)
    {
        if (changes is not { } given)
            return old;

        var merged = old is { } known ? JsonObject.Create(known)! : [];
        foreach (var field in given.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                merged.Remove(field.Name);
            else
                merged[field.Name] = AsNode(field.Value);
        }
        return JsonElement.Parse(merged.ToJsonString());
    }

    private static JsonNode? AsNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };
}
