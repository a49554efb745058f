using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>Which collection a call is about: the argument <c>collection_name</c>, the configured one, or one with leave for the other.</summary>
internal sealed class CollectionArgument(ToolOptions options)
{
    /// <summary>Where memories go if nobody says where.</summary>
    public const string Default = "memories";

    private const string Name = "collection_name";

    /// <summary>Adds the argument where there is one: not where the server is bound to a collection, as with the Python server.</summary>
    /// <param name="more">What else there is to say of it.</param>
    /// <param name="isForAll">Whether a call without it is about all collections.</param>
    public ObjectSchema AddTo(ObjectSchema schema, string more = "", bool isForAll = false)
    {
        if (options.Collection is not null && !options.AllowCollectionArgument)
            return schema;

        var without = options.Collection?.ToString() ?? (isForAll ? null : Default);
        return schema.Optional(Name, """{"type": "string"}""", $"The collection; without it {(without is null ? "all are searched" : $"'{without}'")}.{more}");
    }

    /// <summary>Which collection a call is about, and whether the answer is to name it.</summary>
    /// <exception cref="MemoryException">The name is none, or it is not the one that the server is bound to.</exception>
    public (CollectionName Collection, bool IsToBeNamed) Read(ToolArguments arguments) =>
        ReadNamed(arguments) is { } named ? (named, true)
        : options.Collection is { } configured ? (configured, false)
        : (CollectionName.Parse(Default), true);

    /// <returns>Null where the call is about all collections.</returns>
    /// <inheritdoc cref="Read"/>
    public CollectionName? ReadForAll(ToolArguments arguments) => ReadNamed(arguments) ?? options.Collection;

    private CollectionName? ReadNamed(ToolArguments arguments)
    {
        if (arguments.OptionalText(Name) is not { } named)
            return null;
        if (options.Collection is { } only && !options.AllowCollectionArgument)
            return named == only.Value ? null : throw new MemoryException($"This server works in the collection '{only}' only. Leave '{Name}' out.");

        return CollectionName.Parse(named);
    }
}
