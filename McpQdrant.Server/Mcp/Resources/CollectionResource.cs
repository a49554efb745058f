using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools;
using McpQdrant.Server.Mcp.Tools.Answers;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary><c>memory://{collection}</c>: what a collection is, and its newest memories.</summary>
internal sealed class CollectionResource(ListMemories memories, ToolOptions options, AccessPolicy policy)
    : MemoryResource(new ResourceTemplate
    {
        UriTemplate = "memory://{collection}",
        Name = "collection",
        Title = "A collection of memories",
        Description = $"How many memories a collection has, how it is searched, and the {MaxMemories} newest of them at most, as JSON.",
        MimeType = "application/json",
    }, policy)
{
    private const int MaxMemories = 50;

    protected override bool NamesMemory => false;

    protected override async Task<ResourceContents> ReadAsync(Caller caller, string uri, MemoryUri address, CancellationToken cancellationToken)
    {
        var (entry, first) = await memories.HandleAsync(caller, new ListMemoriesRequest(address.Collection, MaxMemories), cancellationToken);
        var budget = new AnswerBudget(options.MaxAnswerBytes);
        var shown = first.Select(budget.Fit).OfType<ShownMemory>();
        return new TextResourceContents
        {
            Uri = uri,
            MimeType = "application/json",
            Text = JsonSerializer.Serialize(new CollectionDocument(ListedCollection.Of(entry), [.. shown.Select(MemoryDocument.Of)]), ToolJson.Default.CollectionDocument),
        };
    }
}

/// <summary>A collection as a resource shows it.</summary>
internal sealed record CollectionDocument(ListedCollection Collection, IReadOnlyList<MemoryDocument> Memories);
