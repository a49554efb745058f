using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Qdrant;

internal static class StandInJson
{
    /// <summary>A copy that can be put into an answer. Of a key that stands twice the last one counts.</summary>
    public static JsonNode? Node(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Object(element),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Node)]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element.Clone()),
    };

    private static JsonObject Object(JsonElement element)
    {
        var copy = new JsonObject();
        foreach (var member in element.EnumerateObject())
            copy[member.Name] = Node(member.Value);
        return copy;
    }
}
