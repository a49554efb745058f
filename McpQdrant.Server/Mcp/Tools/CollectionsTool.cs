using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Search;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-collections</c>: what memories there are.</summary>
internal sealed class CollectionsTool(ListCollections collections, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Description(), policy, logger)
{
    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, Person person, CancellationToken cancellationToken)
    {
        var entries = await collections.HandleAsync(caller, new ListCollectionsRequest(), cancellationToken);

        return new ToolReply(
            entries.Count == 0 ? ["There are no collections yet. qdrant-store makes one."] : [.. entries.Select(Sentence)],
            [],
            note => JsonSerializer.SerializeToElement(
                new CollectionsOutput([.. entries.Select(ListedCollection.Of)], note), ToolJson.Default.CollectionsOutput));
    }

    private static string Sentence(CollectionEntry entry) =>
        $"{entry.Name}: {entry.Points} memories, " + (entry.Problem is { } problem ? $"not usable here: {problem}" : $"searched by {(entry.Mode == SearchMode.Hybrid ? "meaning and words" : "meaning")}.");

    private static Tool Description() => new()
    {
        Name = ToolName.Collections.ProtocolName(),
        Title = "List collections",
        Description = "List the collections: how many memories each holds, and how it is searched.",
        InputSchema = new ObjectSchema().Build(),
        OutputSchema = CollectionsOutput.Schema,
        Annotations = new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-collections</c>.</summary>
internal sealed record CollectionsOutput(IReadOnlyList<ListedCollection> Collections, string Note)
{
    public static JsonElement Schema => new ObjectSchema()
        .Required(
            "collections",
            """
            {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "name": {"type": "string"},
                  "memories": {"type": "integer"},
                  "model": {"type": "string"},
                  "search": {"type": "string"},
                  "problem": {"type": "string"}
                },
                "required": ["name", "memories"]
              }
            }
            """)
        .Required("note", ObjectSchema.AnyText)
        .Build();
}

/// <summary>A collection in a structured result.</summary>
internal sealed record ListedCollection(string Name, long Memories, string? Model, string? Search, string? Problem)
{
    public static ListedCollection Of(CollectionEntry entry) =>
        new(entry.Name.ToString(), entry.Points, entry.Model, entry.Mode?.ToString().ToLowerInvariant(), entry.Problem);
}
