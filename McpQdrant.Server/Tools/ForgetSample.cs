using System.Text.Json;

namespace McpQdrant.Server.Tools;

/// <summary>A memory that a filter would delete.</summary>
internal sealed record ForgetSample(string Id, string Content, JsonElement? Metadata);
