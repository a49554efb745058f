namespace McpQdrant.Server.Tools.Resources;

/// <summary>A collection as a resource shows it.</summary>
internal sealed record CollectionDocument(ListedCollection Collection, IReadOnlyList<MemoryDocument> Memories);
