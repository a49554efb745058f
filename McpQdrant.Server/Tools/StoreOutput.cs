namespace McpQdrant.Server.Tools;

/// <summary>The structured result of <c>qdrant-store</c>.</summary>
internal sealed record StoreOutput(string Id, string Collection, bool Created);
