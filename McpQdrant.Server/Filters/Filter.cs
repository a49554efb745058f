using System.Text.Json;

namespace McpQdrant.Server.Filters;

/// <summary>A condition on memories in Qdrant's filter language, read and checked.</summary>
internal sealed record Filter(JsonElement Json);
