using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-forget</c>: deletes by ids, or by a filter in two steps.</summary>
internal sealed class ForgetTool(ForgetMemories forget, PreviewForget preview, CollectionArgument collection, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection), policy, logger)
{
    protected override async Task<CallToolResult> CallAsync(Caller caller, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var ids = arguments.Ids("ids");
        var filter = QueryFilter.Read(arguments, "filter");
        var code = arguments.OptionalText("confirmation");
        if (ids.Count > 0 && filter is not null || ids.Count == 0 && filter is null && code is null)
            throw new MemoryException("Give one of 'ids', 'filter' and 'confirmation': ids delete at once; a filter shows what it would delete and gives a code; the code deletes that.");
        var target = collection.Read(arguments).Collection;

        if (filter is not null && code is null)
            return Preview(target, await preview.HandleAsync(caller, new PreviewForgetRequest(target, filter), cancellationToken));

        var forgotten = await forget.HandleAsync(caller, new ForgetMemoriesRequest(target, ids, code, filter), cancellationToken);
        return Deleted(target, forgotten.Deleted, forgotten.Changed);
    }

    private static CallToolResult Deleted(CollectionName target, long count, long changed) => ToolResult.Of(
        [
            (count == 1 ? $"Forgot 1 memory of '{target}'." : $"Forgot {count} memories of '{target}'.")
            + (changed == 0 ? "" : $" {changed} more were changed by others at this moment, and stay; ask again with the filter to see them."),
        ],
        new ForgetOutput(count, Matched: null, Sample: [], Confirmation: null, ExpiresAt: null),
        ToolJson.Default.ForgetOutput);

    private static CallToolResult Preview(CollectionName target, PreviewForgetResult preview) => ToolResult.Of(
        preview.Code is null
            ? [$"No memory of '{target}' matches the filter. Nothing was deleted."]
            : [
                $"Nothing was deleted yet. {preview.Count} memories of '{target}' match the filter. To delete exactly these, call {ToolName.Forget.ProtocolName()} again "
                + $"with \"confirmation\": \"{preview.Code}\"{(preview.NeedsFilter ? " and the same filter" : "")}, within five minutes. The first of them:",
                .. preview.Sample.Select(memory => EntryText.Of(memory.Text, memory.Metadata)),
            ],
        new ForgetOutput(0, preview.Count, [.. preview.Sample.Select(memory => new ForgetSample(memory.Id.ToString(), memory.Text, ShownMetadata.Of(memory.Metadata)))], preview.Code, preview.ExpiresAt),
        ToolJson.Default.ForgetOutput);

    private static Tool Describe(CollectionArgument collection) => new()
    {
        Name = ToolName.Forget.ProtocolName(),
        Title = "Forget",
        Description = "Delete memories for good: by their ids (from qdrant-find), or all that a filter matches. A filter deletes nothing by itself: "
            + "it answers with the count, a sample and a confirmation code; show them to the user, and pass the code back to delete exactly those.",
        InputSchema = collection.AddTo(new ObjectSchema()
                .Optional("ids", """{"type": ["array", "null"], "items": {"type": ["string", "integer"]}}""", "Ids of the memories to delete, from qdrant-find.")
                .Optional("filter", QueryFilter.Schema, QueryFilter.Description)
                .Optional("confirmation", """{"type": ["string", "null"]}""", "The code that a call with 'filter' gave; where that call says so, together with the same filter."))
            .Build(),
        OutputSchema = ForgetOutput.Schema,
        Annotations = new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-forget</c>: what was deleted, or what would be.</summary>
internal sealed record ForgetOutput(long Deleted, int? Matched, IReadOnlyList<ForgetSample> Sample, string? Confirmation, DateTimeOffset? ExpiresAt)
{
    public static JsonElement Schema => new ObjectSchema()
        .Required("deleted", """{"type": "integer"}""", "Memories that were there and are gone.")
        .Required("matched", """{"type": ["integer", "null"]}""", "Memories that the filter matches; null where none was given.")
        .Required("sample", """{"type": "array", "items": {"type": "object"}}""", "Some of them: id, content, metadata.")
        .Required("confirmation", """{"type": ["string", "null"]}""", "The code that deletes them.")
        .Required("expires_at", """{"type": ["string", "null"], "format": "date-time"}""", "Until when the code is good.")
        .Build();
}

/// <summary>A memory that a filter would delete.</summary>
internal sealed record ForgetSample(string Id, string Content, JsonElement? Metadata);
