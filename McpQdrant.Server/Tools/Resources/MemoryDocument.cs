using System.Text.Json;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Tools.Resources;

/// <summary>A memory as a resource shows it.</summary>
internal sealed record MemoryDocument(string Id, string Content, JsonElement? Metadata, DateTimeOffset? StoredAt)
{
    public static MemoryDocument Of(Memory memory) => new(memory.Id.ToString(), memory.Text, ShownMetadata.Of(memory.Metadata), memory.StoredAt);
}
