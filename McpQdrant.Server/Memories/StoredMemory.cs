using System.Text.Json;

namespace McpQdrant.Server.Memories;

/// <summary>A memory with what it is searched by.</summary>
/// <param name="Vector">Its place in the embedding space; null for a memory without one (another program may write such).</param>
internal sealed record StoredMemory(Memory Memory, SemanticVector? Vector)
{
    /// <summary>Fields that another program keeps beside text and metadata: an object; null for none.</summary>
    public JsonElement? Others { get; init; }
}
