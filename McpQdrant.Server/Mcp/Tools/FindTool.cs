using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-find</c>: brings back what bears on a question.</summary>
internal sealed class FindTool(
    FindMemories find, CollectionArgument collection, FilterArguments filters, ToolOptions options, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection, filters, options), policy, logger)
{
    protected override async Task<CallToolResult> CallAsync(Caller caller, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var query = arguments.Text("query", ToolOptions.MaxTextBytes);
        var (target, _) = collection.Read(arguments);

        var found = await find.HandleAsync(caller, new FindMemoriesRequest(target, query, filters.Read(arguments)), cancellationToken);

        return ToolResult.Of(Sentences(query, target, found), FindOutput.Of(found), ToolJson.Default.FindOutput);
    }

    private static IEnumerable<string> Sentences(string query, CollectionName target, FindMemoriesResult found)
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

/// <summary>The structured result of <c>qdrant-find</c>.</summary>
/// <param name="Search">How was searched: <c>hybrid</c>, <c>dense</c> or <c>keyword</c>.</param>
internal sealed record FindOutput(IReadOnlyList<FoundMemory> Results, string Search)
{
    public static JsonElement Schema => JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "results": {
              "type": "array",
              "description": "The memories, best first.",
              "items": {
                "type": "object",
                "properties": {
                  "id": {"type": "string", "description": "The memory's id."},
                  "content": {"type": "string", "description": "The text, as it was stored."},
                  "metadata": {"type": ["object", "null"], "description": "The metadata, as it was stored."},
                  "score": {"type": "number", "description": "What the order goes by; comparable within one answer only."},
                  "similarity": {"type": ["number", "null"], "description": "Likeness in meaning: cosine from -1 to 1, or the collection's own measure. Null where it was found by words alone."},
                  "keyword_rank": {"type": ["integer", "null"], "description": "1 for the best match by words, and so on; null where no word matched."},
                  "stored_at": {"type": ["string", "null"], "format": "date-time", "description": "When it was stored; null where that was not written down."}
                },
                "required": ["id", "content", "metadata", "score", "similarity", "keyword_rank", "stored_at"]
              }
            },
            "search": {"type": "string", "enum": ["hybrid", "dense", "keyword"], "description": "By meaning and words (hybrid), by meaning (dense), or by words (keyword)."}
          },
          "required": ["results", "search"]
        }
        """);

    public static FindOutput Of(FindMemoriesResult found) => new([.. found.Hits.Select(FoundMemory.Of)], found.Mode.ToString().ToLowerInvariant());
}

/// <summary>A hit in the structured result of <c>qdrant-find</c>.</summary>
internal sealed record FoundMemory(
    string Id, string Content, JsonElement? Metadata, double Score, double? Similarity, int? KeywordRank, DateTimeOffset? StoredAt)
{
    public static FoundMemory Of(SearchHit hit) =>
        new(hit.Memory.Id.ToString(), hit.Memory.Text, ShownMetadata.Of(hit.Memory.Metadata), hit.Score, hit.Similarity, hit.KeywordRank, hit.Memory.StoredAt);
}
