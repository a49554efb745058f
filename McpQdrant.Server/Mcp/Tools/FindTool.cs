using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-find</c>: brings back what bears on a question.</summary>
internal sealed class FindTool(
    FindMemories find, CollectionArgument collection, FilterArguments filters, ToolOptions options, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection, filters, options), policy, logger)
{
    private const int MaxShownQuery = 200;

    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var query = arguments.Text("query", MemoryLimits.MaxTextBytes);
        var (target, _) = collection.Read(arguments);

        var filter = filters.Read(arguments);
        var found = await find.HandleAsync(caller, new FindMemoriesRequest(target, query, filter), cancellationToken);

        var budget = new AnswerBudget(options.MaxAnswerBytes);
        var shown = found.Hits.Select(hit => (Hit: hit, Shown: budget.Fit(hit.Memory, hit.Passage))).Where(pair => pair.Shown is not null).ToArray();
        return new ToolReply(
            [Sentence(query, target, found, filter), .. new[] { budget.Note($"memory://{Uri.EscapeDataString(target.ToString())}/{{id}}") }.OfType<string>()],
            [.. shown.Select(pair => EntryText.Of(pair.Shown!.Value.Memory, target, options.ResultFormat, pair.Shown.Value.IsPartial))],
            note => JsonSerializer.SerializeToElement(
                new FindOutput([.. shown.Select(pair => FoundMemory.Of(pair.Hit, pair.Shown!.Value, target))], found.Mode.ToString().ToLowerInvariant(), note),
                ToolJson.Default.FindOutput));
    }

    private static string Sentence(string query, CollectionName target, FindMemoriesResult found, Filter? filter)
    {
        if (!found.CollectionExists)
        {
            return found.NearestCollections is [_, ..] nearest
                ? $"There is no collection '{target}'. The nearest: {string.Join(", ", nearest.Select(name => $"'{name}'"))}. qdrant-collections lists all."
                : $"There are no memories yet: the collection '{target}' doesn't exist. qdrant-store makes it.";
        }

        var asked = ShortText.Of(query, MaxShownQuery);
        return found.Hits.Count == 0
            ? $"No memory in '{target}' matches the query '{asked}'.{(filter is null ? "" : QueryFilter.Hint(filter))}"
            : $"Results for the query '{asked}'";
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
/// <param name="Note">The sentences of the answer.</param>
internal sealed record FindOutput(IReadOnlyList<FoundMemory> Results, string Search, string Note)
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
                  "collection": {"type": "string", "description": "Where it is."},
                  "content": {"type": "string", "description": "The text, as it was stored."},
                  "partial": {"type": "boolean", "description": "True where content is only a part, the passage or the beginning; memory://collection/id has the whole."},
                  "passage": {"type": "object", "description": "Of a long text, the part that matched.", "properties": {"text": {"type": "string"}, "start": {"type": "integer"}, "end": {"type": "integer"}}, "required": ["text", "start", "end"]},
                  "metadata": {"type": "object", "properties": {"kind": {"type": "string"}}, "additionalProperties": true, "description": "The metadata, as it was stored."},
                  "score": {"type": "number", "description": "What the order goes by; comparable within one answer only."},
                  "similarity": {"type": "number", "description": "Likeness in meaning: cosine from -1 to 1, or the collection's own measure. Absent where it was found by words alone."},
                  "keyword_rank": {"type": "integer", "description": "1 for the best match by words, and so on; absent where no word matched."},
                  "stored_at": {"type": "string", "format": "date-time", "description": "When it was first stored; absent where that was not written down."},
                  "changed_at": {"type": "string", "format": "date-time", "description": "When it was changed last; absent where it never was."}
                },
                "required": ["id", "collection", "content", "score"]
              }
            },
            "search": {"type": "string", "enum": ["hybrid", "dense", "keyword"], "description": "By meaning and words (hybrid), by meaning (dense), or by words (keyword)."},
            "note": {"type": "string", "description": "What is to be said of the answer."}
          },
          "required": ["results", "search", "note"]
        }
        """);
}

/// <summary>A hit in the structured result of <c>qdrant-find</c>.</summary>
internal sealed record FoundMemory(
    string Id, string Collection, string Content, bool? Partial, FoundPassage? Passage, JsonElement? Metadata, double Score, double? Similarity, int? KeywordRank, DateTimeOffset? StoredAt,
    DateTimeOffset? ChangedAt)
{
    public static FoundMemory Of(SearchHit hit, ShownMemory shown, CollectionName collection) => new(
        hit.Memory.Id.ToString(), collection.ToString(), shown.Memory.Text, shown.IsPartial ? true : null, FoundPassage.Of(hit.Passage), ShownMetadata.Of(shown.Memory.Metadata),
        hit.Score, hit.Similarity, hit.KeywordRank, hit.Memory.FirstStoredAt, hit.Memory.ChangedAt);
}

/// <summary>The part of a long text that matched, in UTF-16 units of it.</summary>
internal sealed record FoundPassage(string Text, int Start, int End)
{
    public static FoundPassage? Of(MatchedPassage? passage) => passage is null ? null : new FoundPassage(passage.Text, passage.Start, passage.End);
}
