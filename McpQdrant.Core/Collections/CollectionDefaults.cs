namespace McpQdrant.Core.Collections;

/// <summary>What the operator wants of collections: of new ones, and of those that another program made.</summary>
public sealed record CollectionDefaults
{
    /// <summary>The payload field that holds the text in a collection that another program made; null where nobody said.</summary>
    public string? DocumentField { get; init; }

    /// <summary>How the words of new collections are counted.</summary>
    public Bm25Options Keywords { get; init; } = Bm25Options.Default;

    /// <summary>Payload paths that new collections index.</summary>
    public IReadOnlyList<IndexedField> IndexedFields { get; init; } = [];
}

/// <param name="Path">A payload path, for instance <c>metadata.project</c>.</param>
public sealed record IndexedField(string Path, FieldType Type);

/// <summary>The types of filterable fields.</summary>
public enum FieldType
{
    Keyword,
    Integer,
    Float,
    Boolean,
}
