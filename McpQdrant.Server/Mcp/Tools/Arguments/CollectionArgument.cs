using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>Which collection a call is about: the argument <c>collection_name</c>, the configured one, or one with leave for the other.</summary>
internal sealed class CollectionArgument(ToolOptions options)
{
    private const string Name = "collection_name";

    /// <summary>Adds the argument where there is one, as the Python server does.</summary>
    /// <param name="makesNew">Whether a call with a new name makes a collection.</param>
    public ObjectSchema AddTo(ObjectSchema schema, bool makesNew = false)
    {
        if (options.Collection is null)
            return schema.Required(Name, """{"type": "string"}""", makesNew
                ? "The collection: a name for what belongs together, for instance one project. A new name makes a new collection."
                : "The collection. qdrant-collections lists them.");

        return options.AllowCollectionArgument
            ? schema.Optional(Name, """{"type": "string"}""", $"Another collection than '{options.Collection}', which is used without this argument.")
            : schema;
    }

    /// <summary>Which collection a call is about, and whether the caller named it.</summary>
    /// <exception cref="MemoryException">None was named where one must be, the name is none, or it is not the one that the server is bound to.</exception>
    public (CollectionName Collection, bool WasNamed) Read(ToolArguments arguments)
    {
        var named = arguments.OptionalText(Name);
        if (options.Collection is { } only && !options.AllowCollectionArgument)
        {
            return named is null || named == only.Value
                ? (only, false)
                : throw new MemoryException($"This server works in the collection '{only}' only. Leave '{Name}' out.");
        }

        return named is not null
            ? (CollectionName.Parse(named), true)
            : (options.Collection ?? throw new MemoryException($"The argument '{Name}' is missing. Give the name of a collection."), false);
    }
}
