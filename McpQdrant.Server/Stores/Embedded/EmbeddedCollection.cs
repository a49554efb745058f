namespace McpQdrant.Server.Stores.Embedded;

/// <summary>A collection as its table has it.</summary>
/// <param name="Key">What its memories and its index of words go by.</param>
/// <param name="Language">See <see cref="Memories.Bm25Options"/>.</param>
/// <param name="Notes">A JSON object; see <see cref="Memories.CollectionNotes"/>.</param>
internal sealed record EmbeddedCollection(long Key, string Name, string VectorName, int VectorSize, string Language, string Notes);
