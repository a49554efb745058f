using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Tools;

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

    /// <returns>The collection, and whether the caller named it.</returns>
    /// <exception cref="MemoryException">None was named where one must be, or the name is none.</exception>
    public (CollectionName Collection, bool WasNamed) Read(ToolArguments arguments)
    {
        if (arguments.OptionalText(Name) is { } name)
            return (CollectionName.Parse(name), true);

        return options.Collection is { } collection
            ? (collection, false)
            : throw new MemoryException($"The argument '{Name}' is missing. Give the name of a collection.");
    }

    /// <summary>Whether a call may name this collection: all, unless the tools were bound to one.</summary>
    public bool IsInReach(CollectionName collection) =>
        options.Collection is null || options.AllowCollectionArgument || collection == options.Collection;

    /// <exception cref="MemoryException">The tools are bound to another collection; in the same words as for one that doesn't exist.</exception>
    public CollectionName Check(CollectionName collection) =>
        IsInReach(collection) ? collection : throw new MemoryException($"There is no collection '{collection}'.");
}
