namespace McpQdrant.Server.Memories;

/// <summary>A collection to be made: what the Python server makes, plus keywords, and indexes of the fields one filters by.</summary>
internal sealed record CollectionSpec
{
    public required CollectionName Name { get; init; }

    public required EmbeddingIdentity Model { get; init; }

    public Bm25Options Keywords { get; init; } = Bm25Options.Default;

    /// <summary>Payload paths to index, with their types.</summary>
    public IReadOnlyList<IndexedField> IndexedFields { get; init; } = [];
}
