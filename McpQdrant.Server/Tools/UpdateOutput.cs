using System.Text.Json;

namespace McpQdrant.Server.Tools;

/// <summary>The structured result of <c>qdrant-update</c>.</summary>
internal sealed record UpdateOutput(string Id, string Content, JsonElement? Metadata);
