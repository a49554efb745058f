using McpQdrant.Server.Access;
using McpQdrant.Server.Configuration;
using McpQdrant.Server.Memories;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Tools;

/// <summary><c>qdrant-find</c>: brings back what bears on a question.</summary>
internal sealed class FindTool(MemoryService memories, CollectionArgument collection, FilterArguments filters, ToolOptions options, ToolGate gate)
    : MemoryTool(ToolName.Find, Describe(collection, filters, options), gate)
{
    protected override async Task<CallToolResult> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var query = call.Arguments.Text("query", ToolOptions.MaxTextBytes);
        var (target, _) = collection.Read(call);

        var found = await memories.FindAsync(target, query, filters.Read(call.Arguments), cancellationToken);

        return ToolResult.Of(Sentences(query, target, found), FindOutput.Of(found), ToolJson.Default.FindOutput);
    }

    private static IEnumerable<string> Sentences(string query, CollectionName target, FindResult found)
    {
        if (!found.CollectionExists)
            return [$"There are no memories yet: the collection '{target}' doesn't exist. qdrant-store makes it."];
        if (found.Hits.Count == 0)
            return [$"No memory in '{target}' matches the query '{query}'."];

        return [$"Results for the query '{query}'", .. found.Hits.Select(hit => EntryText.Of(hit.Memory.Text, hit.Memory.Metadata))];
    }

    protected override string? WhyNot(string argument) => filters.WhyNot(argument);

    private static Tool Describe(CollectionArgument collection, FilterArguments filters, ToolOptions options) => new()
    {
        Name = ToolName.Find.ProtocolName(),
        Title = "Recall",
        Description = options.FindDescription,
        InputSchema = filters.AddTo(collection.AddTo(new ObjectSchema()
                .Required("query", """{"type": "string", "minLength": 1}""", "What to look for, as a question or in words that the memory may hold. Names, codes and error numbers are found by their letters.")))
            .Build(),
        OutputSchema = FindOutput.Schema,
        Annotations = new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false },
    };
}
