using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>The argument that holds a filter in Qdrant's language, with what a model has to know to write a correct one.</summary>
internal static class QueryFilter
{
    public const string Schema = """
        {
          "anyOf": [
            {
              "type": "object",
              "properties": {
                "must": {"type": "array", "items": {"type": "object"}, "description": "Conditions that must all hold."},
                "should": {"type": "array", "items": {"type": "object"}, "description": "Conditions of which at least one must hold."},
                "must_not": {"type": "array", "items": {"type": "object"}, "description": "Conditions of which none may hold."},
                "min_should": {
                  "type": "object",
                  "properties": {"conditions": {"type": "array", "items": {"type": "object"}}, "min_count": {"type": "integer"}},
                  "description": "Conditions of which at least min_count must hold."
                }
              },
              "additionalProperties": true
            },
            {"type": "null"}
          ],
          "default": null
        }
        """;

    public const string Description =
        "A Qdrant filter over a memory's payload {\"document\": text, \"metadata\": object, \"stored_at\": time}. Metadata fields are keyed metadata.<name>. A condition is one of: "
        + "{\"key\": \"metadata.project\", \"match\": {\"value\": \"atlas\"}} (or \"any\": [..], \"except\": [..], \"text\": \"part of a text\"); "
        + "{\"key\": \"metadata.year\", \"range\": {\"gte\": 2024, \"lt\": 2026}} (numbers, or times such as \"2026-01-31T00:00:00Z\"); "
        + "{\"is_empty\": {\"key\": ..}}; {\"is_null\": {\"key\": ..}}; {\"key\": .., \"values_count\": {\"gte\": 2}}; {\"has_id\": [ids]}; "
        + "{\"nested\": {\"key\": \"metadata.items\", \"filter\": {..}}}; or a filter itself. Paths into arrays use []: metadata.items[].name. "
        + "Types matter: 1 doesn't match \"1\". Example: {\"must\": [{\"key\": \"metadata.project\", \"match\": {\"value\": \"atlas\"}}], "
        + "\"must_not\": [{\"key\": \"metadata.state\", \"match\": {\"any\": [\"done\", \"dropped\"]}}]}.";

    /// <returns>Null where none was given.</returns>
    /// <exception cref="MemoryException">The filter is wrong; the message names the place.</exception>
    public static Filter? Read(ToolArguments arguments, string name)
    {
        if (arguments.Object(name) is not { } value)
            return null;
        try
        {
            return Filter.Parse(value);
        }
        catch (FilterException wrong)
        {
            throw new MemoryException($"The argument '{name}' is no valid filter: {wrong.Message}", wrong);
        }
    }
}
