using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-find</c>: brings back what bears on a question.</summary>
internal sealed class FindTool(
    FindMemories find, CollectionArgument collection, FilterArguments filters, ToolOptions options, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection, filters, options), policy, logger)
{
    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, Person person, CancellationToken cancellationToken)
    {
        var filter = filters.Read(arguments);
        var request = new FindMemoriesRequest(
            collection.ReadForAll(arguments), arguments.Value("query") is null ? null : arguments.Text("query", MemoryLimits.MaxTextBytes), filter)
        {
            Metadata = filters.Has("metadata") ? null : arguments.Object("metadata"),
            Since = filters.Has("since") ? null : arguments.OptionalText("since"),
            Until = filters.Has("until") ? null : arguments.OptionalText("until"),
            Limit = filters.Has("limit") ? null : arguments.OptionalInteger("limit"),
        };
        var found = await find.HandleAsync(caller, request, cancellationToken);

        var budget = new AnswerBudget(options.MaxAnswerBytes);
        var shown = found.Hits.Select(hit => (Hit: hit, Shown: budget.Fit(hit.Memory, hit.Hit.Passage))).Where(pair => pair.Shown is not null).ToArray();
        return new ToolReply(
            [FindSentence.Of(request, found), .. new[] { budget.Note(request.Collection is { } target ? $"memory://{Uri.EscapeDataString(target.ToString())}/{{id}}" : "memory://{collection}/{id}") }.OfType<string>()],
            [.. shown.Select(pair => EntryText.Of(pair.Shown!.Value.Memory, pair.Hit.Collection, options.ResultFormat, pair.Shown.Value.IsPartial))],
            note => JsonSerializer.SerializeToElement(
                new FindOutput([.. shown.Select(pair => FoundMemory.Of(pair.Hit, pair.Shown!.Value, found.Mode is not null))], found.Mode?.ToString().ToLowerInvariant() ?? "newest", note),
                ToolJson.Default.FindOutput));
    }

    protected override string? WhyNot(string argument) => filters.WhyNot(argument);

    private static Tool Describe(CollectionArgument collection, FilterArguments filters, ToolOptions options) => new()
    {
        Name = ToolName.Find.ProtocolName(),
        Title = "Recall",
        Description = options.FindDescription,
        InputSchema = filters.AddTo(collection.AddTo(new ObjectSchema()
                .Optional("query", """{"type": "string"}""", "A question, or words, names and codes that the memory may hold. Without it: the newest."), isForAll: true)
                .When(!filters.Has("metadata"), schema => schema.Optional("metadata", ObjectSchema.AnyObject, "Exact values of metadata; of an array, any: {\"project\": [\"atlas\", \"borea\"]}."))
                .When(!filters.Has("since"), schema => schema.Optional("since", ObjectSchema.AnyText, "First stored then or later: 2026-01-31T09:00:00Z, 2026-01-31, or an age: 7d, 2h."))
                .When(!filters.Has("until"), schema => schema.Optional("until", ObjectSchema.AnyText, "First stored then or before."))
                .When(!filters.Has("limit"), schema => schema.Optional("limit", """{"type": "integer", "minimum": 1, "maximum": 50}""", "How many memories at most.")))
            .Build(),
        OutputSchema = FindOutput.Schema,
        Annotations = new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-find</c>.</summary>
/// <param name="Search">How was searched: by meaning and words (<c>hybrid</c>), by meaning (<c>dense</c>), by words (<c>keyword</c>), or not at all (<c>newest</c>).</param>
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
              "items": {
                "type": "object",
                "properties": {
                  "id": {"type": "string"},
                  "collection": {"type": "string"},
                  "content": {"type": "string"},
                  "partial": {"type": "boolean"},
                  "passage": {"type": "object"},
                  "metadata": {"type": "object"},
                  "score": {"type": "number"},
                  "similarity": {"type": "number"},
                  "keyword_rank": {"type": "integer"},
                  "created_at": {"type": "string"},
                  "updated_at": {"type": "string"},
                  "by": {"type": "string"},
                  "revision": {"type": "integer"}
                },
                "required": ["id", "collection", "content"]
              }
            },
            "search": {"type": "string"},
            "note": {"type": "string"}
          },
          "required": ["results", "search", "note"]
        }
        """);
}

/// <summary>A hit in the structured result of <c>qdrant-find</c>.</summary>
/// <param name="Score">What the order goes by, comparable within one answer only; null where it goes by time.</param>
/// <param name="Similarity">Likeness in meaning: cosine from -1 to 1, or the collection's own measure; null where it was found by words alone.</param>
/// <param name="KeywordRank">1 for the best match by words, and so on; null where no word matched.</param>
/// <param name="CreatedAt">When it was first stored; null where that was not written down.</param>
/// <param name="UpdatedAt">When it was stored or changed last.</param>
/// <param name="By">The caller that did so; null where that was not written down.</param>
/// <param name="Revision">1 for a memory that was stored once; each change adds 1.</param>
internal sealed record FoundMemory(
    string Id, string Collection, string Content, bool? Partial, FoundPassage? Passage, JsonElement? Metadata, double? Score, double? Similarity, int? KeywordRank, DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt, string? By, int Revision, DateTimeOffset? ExpiresAt)
{
    public static FoundMemory Of(FoundHit hit, ShownMemory shown, bool isRanked) => new(
        hit.Memory.Id.ToString(), hit.Collection.ToString(), shown.Memory.Text, shown.IsPartial ? true : null, FoundPassage.Of(hit.Hit.Passage), ShownMetadata.Of(shown.Memory.Metadata),
        isRanked ? hit.Hit.Score : null, hit.Hit.Similarity, hit.Hit.KeywordRank, hit.Memory.FirstStoredAt, hit.Memory.StoredAt,
        hit.Memory.By, hit.Memory.RevisionNumber, hit.Memory.ExpiresAt);
}

/// <summary>The part of a long text that matched, in UTF-16 units of it.</summary>
internal sealed record FoundPassage(string Text, int Start, int End)
{
    public static FoundPassage? Of(MatchedPassage? passage) => passage is null ? null : new FoundPassage(passage.Text, passage.Start, passage.End);
}
