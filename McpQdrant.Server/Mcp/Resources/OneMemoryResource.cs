using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Answers;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary><c>memory://{collection}/{id}</c>: a memory, whole.</summary>
internal sealed class OneMemoryResource(GetMemory memories, AccessPolicy policy) : MemoryResource(new ResourceTemplate
{
    UriTemplate = "memory://{collection}/{id}",
    Name = "memory",
    Title = "A memory",
    Description = "One memory with its metadata and the time it was stored, as JSON.",
    MimeType = "application/json",
}, policy)
{
    protected override bool NamesMemory => true;

    protected override async Task<ResourceContents> ReadAsync(Caller caller, string uri, MemoryUri address, CancellationToken cancellationToken)
    {
        var memory = await memories.HandleAsync(caller, new GetMemoryRequest(address.Collection, address.Id!.Value), cancellationToken);
        return new TextResourceContents
        {
            Uri = uri,
            MimeType = "application/json",
            Text = JsonSerializer.Serialize(MemoryDocument.Of(memory), ToolJson.Default.MemoryDocument),
        };
    }
}

/// <summary>A memory as a resource shows it.</summary>
internal sealed record MemoryDocument(string Id, string Content, JsonElement? Metadata, DateTimeOffset? StoredAt)
{
    public static MemoryDocument Of(Memory memory) => new(memory.Id.ToString(), memory.Text, ShownMetadata.Of(memory.Metadata), memory.StoredAt);
}
