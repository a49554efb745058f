using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary><c>memory://{collection}/{id}</c>: a memory, whole.</summary>
internal sealed class OneMemoryResource(MemoryService memories, CollectionArgument collections, AccessPolicy policy) : MemoryResource(new ResourceTemplate
{
    UriTemplate = "memory://{collection}/{id}",
    Name = "memory",
    Title = "A memory",
    Description = "One memory with its metadata and the time it was stored, as JSON.",
    MimeType = "application/json",
}, collections, policy)
{
    protected override bool NamesMemory => true;

    protected override async Task<ResourceContents> ReadAsync(string uri, MemoryUri address, CancellationToken cancellationToken)
    {
        return await memories.GetAsync(address.Collection, [address.Id!.Value], cancellationToken) is [var memory]
            ? new TextResourceContents
            {
                Uri = uri,
                MimeType = "application/json",
                Text = JsonSerializer.Serialize(MemoryDocument.Of(memory), ToolJson.Default.MemoryDocument),
            }
            : throw new MemoryException($"There is no memory {address.Id} in '{address.Collection}'.");
    }
}

/// <summary>A memory as a resource shows it.</summary>
internal sealed record MemoryDocument(string Id, string Content, JsonElement? Metadata, DateTimeOffset? StoredAt)
{
    public static MemoryDocument Of(Memory memory) => new(memory.Id.ToString(), memory.Text, ShownMetadata.Of(memory.Metadata), memory.StoredAt);
}
