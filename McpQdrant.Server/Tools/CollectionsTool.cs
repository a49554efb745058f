using McpQdrant.Server.Access;
using McpQdrant.Server.Configuration;
using McpQdrant.Server.Memories;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Tools;

/// <summary><c>qdrant-collections</c>: what memories there are.</summary>
internal sealed class CollectionsTool(CollectionDirectory directory, CollectionArgument collection, ToolGate gate)
    : MemoryTool(ToolName.Collections, Description(), gate)
{
    protected override async Task<CallToolResult> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var names = await directory.NamesAsync(cancellationToken);
        var entries = await directory.DescribeAsync(collection.Visible(call.Caller, names), cancellationToken);

        return ToolResult.Of(
            entries.Count == 0 ? ["There are no collections yet. qdrant-store makes one."] : entries.Select(Sentence),
            new CollectionsOutput([.. entries.Select(ListedCollection.Of)]),
            ToolJson.Default.CollectionsOutput);
    }

    private static string Sentence(CollectionEntry entry) =>
        $"{entry.Name}: {entry.Points} memories, " + (entry.Problem is { } problem ? $"not usable here: {problem}" : $"searched by {(entry.Mode == SearchMode.Hybrid ? "meaning and words" : "meaning")}.");

    private static Tool Description() => new()
    {
        Name = ToolName.Collections.ProtocolName(),
        Title = "List collections",
        Description = "List the collections of memories: how many memories each holds, and how it is searched. Use it when you don't know which collection a question belongs to.",
        InputSchema = new ObjectSchema().Build(),
        OutputSchema = CollectionsOutput.Schema,
        Annotations = new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false },
    };
}
