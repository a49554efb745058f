namespace McpQdrant.Server.Stores.Qdrant;

/// <summary>How vectors of new collections are compressed in memory; the originals stay on disk.</summary>
internal enum QdrantQuantization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A byte a number: a quarter of the memory, next to no loss.</summary>
    Scalar,

    /// <summary>A bit a number: a thirty-second of the memory, for models of 1,024 numbers and more.</summary>
    Binary,
}
