namespace McpQdrant.Server.Memories;

/// <summary>What became of a text that was to be kept.</summary>
/// <param name="IsNew">False where the same text with the same metadata was there already.</param>
/// <param name="Duplicate">The memory for whose sake nothing was stored; null where the text was.</param>
internal sealed record StoreResult(MemoryId Id, CollectionName Collection, bool IsNew, TextEmbedding Embedding, ScoredMemory? Duplicate = null);
