namespace McpQdrant.Server.Memories;

/// <summary>A memory after its change.</summary>
internal sealed record UpdateResult(Memory Memory, TextEmbedding Embedding);
