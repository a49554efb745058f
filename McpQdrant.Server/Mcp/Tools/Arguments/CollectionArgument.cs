using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>Which collection a call is about: the argument <c>collection_name</c>, the configured one, or one with leave for the other.</summary>
internal sealed class CollectionArgument(ToolOptions options)
{
    private const string Name = "collection_name";

    /// <summary>Adds the argument where there is one, as the Python server does.</summary>
    public ObjectSchema AddTo(ObjectSchema schema)
    {
        if (options.Collection is null)
            return schema.Required(Name, """{"type": "string"}""", "The collection: a name for what belongs together, for instance one project. A new name makes a new collection.");

        return options.AllowCollectionArgument
            ? schema.Optional(Name, """{"type": ["string", "null"]}""", $"Another collection than '{options.Collection}', which is used without this argument.")
            : schema;
    }

    /// <summary>Which collection a call is about, and whether the caller named it.</summary>
    /// <exception cref="MemoryException">None was named where one must be, or the name is none.</exception>
    public (CollectionName Collection, bool WasNamed) Read(ToolArguments arguments)
    {
        var named = arguments.OptionalText(Name);
        return named is not null
            ? (CollectionName.Parse(named), true)
            : (options.Collection ?? throw new MemoryException($"The argument '{Name}' is missing. Give the name of a collection."), false);
    }
}
