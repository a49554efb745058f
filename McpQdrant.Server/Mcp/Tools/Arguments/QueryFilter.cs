using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>The argument that holds a filter in Qdrant's language, with what a model has to know to write a correct one.</summary>
internal static class QueryFilter
{
    // One type a property, and no object without properties: several clients drop a tool, or the whole list, for either.
    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "must": {"type": "array", "items": {"type": "object", "properties": {"key": {"type": "string"}}}}
          },
          "additionalProperties": true
        }
        """;

    /// <summary>The argument's JSON schema.</summary>
    public static string JsonSchema => Schema;

    public const string Description =
        "A Qdrant filter: must, must_not, should; keys document, metadata.<name>, stored_at; conditions match (value, any, except, text), range (numbers, times), is_empty, has_id, nested. "
        + "Example: {\"must\": [{\"key\": \"metadata.project\", \"match\": {\"value\": \"atlas\"}}]}.";

    /// <returns>Null where none was given.</returns>
    /// <exception cref="MemoryException">The filter is wrong; the message names the place.</exception>
    public static Filter? Read(ToolArguments arguments, string name)
    {
        // An empty object is what clients send for a filter that was left out.
        if (arguments.Object(name) is not { } value || !value.EnumerateObject().Any())
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

    /// <summary>What may be wrong with a filter that nothing satisfies: a key of the metadata without <c>metadata.</c> before it.</summary>
    /// <returns>A sentence with a blank before it; empty where nothing stands out.</returns>
    public static string Hint(Filter filter)
    {
        var keys = new List<string>();
        filter.MapKeys(key =>
        {
            keys.Add(key);
            return key;
        });
        return keys.Find(key => !IsOwn(key)) is { } bare ? $" The filter asks for '{bare}'; if that is a field of the metadata, its key is 'metadata.{bare}'." : "";
    }

    private static bool IsOwn(string key) =>
        key is CollectionLayout.DefaultTextField or CollectionLayout.StoredAtField or CollectionLayout.FirstStoredAtField or CollectionLayout.ExpiresAtField or CollectionLayout.ByField or CollectionLayout.DefaultMetadataField
        || key.StartsWith($"{CollectionLayout.DefaultMetadataField}.", StringComparison.Ordinal)
        || key.StartsWith($"{CollectionLayout.DefaultMetadataField}[", StringComparison.Ordinal);
}
