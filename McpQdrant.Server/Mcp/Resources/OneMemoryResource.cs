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
/// <param name="Partial">True where the content is only the beginning.</param>
internal sealed record MemoryDocument(string Id, string Content, bool? Partial, JsonElement? Metadata, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt, string? By, int Revision, DateTimeOffset? ExpiresAt)
{
    public static MemoryDocument Of(Memory memory) => Of(new ShownMemory(memory, IsPartial: false));

    public static MemoryDocument Of(ShownMemory shown) => new(
        shown.Memory.Id.ToString(), shown.Memory.Text, shown.IsPartial ? true : null, ShownMetadata.Of(shown.Memory.Metadata),
        shown.Memory.FirstStoredAt, shown.Memory.StoredAt, shown.Memory.By, shown.Memory.RevisionNumber, shown.Memory.ExpiresAt);
}
