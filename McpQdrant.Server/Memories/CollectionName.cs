using McpQdrant.Server.Configuration;

namespace McpQdrant.Server.Memories;

/// <summary>A collection's name, checked by Qdrant's own rules, so that both stores take the same names.</summary>
internal readonly record struct CollectionName
{
    private CollectionName(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="MemoryException">The text is no name that Qdrant would take; the message says why.</exception>
    public static CollectionName Parse(string text) =>
        CollectionNameRule.Refusal(text) is { } reason ? throw new MemoryException(reason) : new CollectionName(text);

    public override string ToString() => Value;
}
