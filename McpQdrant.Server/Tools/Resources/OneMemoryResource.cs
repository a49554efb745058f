using System.Text.Json;
using McpQdrant.Server.Access;
using McpQdrant.Server.Memories;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Tools.Resources;

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
