using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary><c>memory://{collection}</c>: what a collection is, and its first memories.</summary>
internal sealed class CollectionResource(MemoryService memories, CollectionDirectory directory, CollectionArgument collections, AccessPolicy policy)
    : MemoryResource(new ResourceTemplate
    {
        UriTemplate = "memory://{collection}",
        Name = "collection",
        Title = "A collection of memories",
        Description = $"How many memories a collection has, how it is searched, and {MaxMemories} of them at most, as JSON.",
        MimeType = "application/json",
    }, collections, policy)
{
    private const int MaxMemories = 50;

    protected override bool NamesMemory => false;

    protected override async Task<ResourceContents> ReadAsync(string uri, MemoryUri address, CancellationToken cancellationToken)
    {
        if (await directory.DescribeAsync([address.Collection], cancellationToken) is not [var entry])
            throw new MemoryException($"There is no collection '{address.Collection}'.");

        var first = entry.Problem is null ? await memories.FirstAsync(address.Collection, MaxMemories, cancellationToken) : [];
        return new TextResourceContents
        {
            Uri = uri,
            MimeType = "application/json",
            Text = JsonSerializer.Serialize(new CollectionDocument(ListedCollection.Of(entry), [.. first.Select(MemoryDocument.Of)]), ToolJson.Default.CollectionDocument),
        };
    }
}

/// <summary>A collection as a resource shows it.</summary>
internal sealed record CollectionDocument(ListedCollection Collection, IReadOnlyList<MemoryDocument> Memories);
