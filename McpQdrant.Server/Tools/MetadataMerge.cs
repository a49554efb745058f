using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Server.Tools;

/// <summary>Sets fields of a JSON object, removes those that are null, and keeps the rest: RFC 7396 at the first level.</summary>
/// <remarks>A key may come twice, from a careless caller or another program; the last one counts, as it does in Qdrant.</remarks>
internal static class MetadataMerge
{
    public static JsonElement? Of(JsonElement? old, JsonElement? changes)
    {
        if (changes is not { } given)
            return old;

        var merged = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (old is { } known)
        {
            foreach (var field in known.EnumerateObject())
                merged[field.Name] = field.Value;
        }
        foreach (var field in given.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
                merged.Remove(field.Name);
            else
                merged[field.Name] = field.Value;
        }
        return JsonElement.Parse(new JsonObject(merged.Select(field => KeyValuePair.Create(field.Key, AsNode(field.Value)))).ToJsonString());
    }

    private static JsonNode? AsNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };
}
