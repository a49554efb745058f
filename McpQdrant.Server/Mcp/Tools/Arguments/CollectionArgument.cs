using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>Which collection a call is about: the argument <c>collection_name</c>, the configured one, or one with leave for the other.</summary>
internal sealed class CollectionArgument(ToolOptions options, AccessPolicy policy)
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

    /// <returns>The collection, which leads nowhere where it isn't the caller's; and whether the caller named it.</returns>
    /// <exception cref="MemoryException">None was named where one must be, or the name is none.</exception>
    public (CollectionName Collection, bool WasNamed) Read(ToolCall call)
    {
        var named = call.Arguments.OptionalText(Name);
        var asked = named is not null
            ? CollectionName.Parse(named)
            : options.Collection ?? throw new MemoryException($"The argument '{Name}' is missing. Give the name of a collection.");

        var collection = Resolve(call.Caller, asked, call.Tool.ProtocolName());
        call.Collection = collection;
        return (collection, named is not null);
    }

    /// <summary>The collection that a caller means; one that leads nowhere where it isn't the caller's, or the tools were bound to another.</summary>
    public CollectionName Resolve(Caller caller, CollectionName asked, string action) =>
        IsOffered(asked) ? policy.Resolve(caller, asked, action) : asked.ToInaccessible();

    /// <summary>Those of a store's collections that a caller may know of.</summary>
    public IEnumerable<CollectionName> Visible(Caller caller, IEnumerable<CollectionName> all) =>
        policy.Visible(caller, all).Where(name => IsOffered(CollectionName.Parse(name.ToString())));

    /// <summary>Whether a call may name this collection: all, unless the tools were bound to one.</summary>
    private bool IsOffered(CollectionName asked) =>
        options.Collection is null || options.AllowCollectionArgument || asked == options.Collection;
}
