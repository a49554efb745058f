using System.Text.Json;

namespace McpQdrant.Server.Memories;

/// <summary>A text that was kept, and what was said about it.</summary>
/// <param name="Id">What it is called in its collection.</param>
/// <param name="Text">The text, whole.</param>
/// <param name="Metadata">A JSON object, or null where there is none.</param>
/// <param name="StoredAt">When it was stored last; null for memories that another program wrote without a time.</param>
internal sealed record Memory(MemoryId Id, string Text, JsonElement? Metadata, DateTimeOffset? StoredAt);
