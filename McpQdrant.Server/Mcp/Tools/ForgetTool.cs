using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Telemetry;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-forget</c>: deletes by ids, or by a filter once the person, or a code, has confirmed it.</summary>
internal sealed class ForgetTool(
    ForgetMemories forget, PreviewForget preview, CollectionArgument collection, ToolOptions options, AccessPolicy policy, TimeProvider clock, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection), policy, logger)
{
    /// <summary>UTF-16 units of a memory that the person reads.</summary>
    private const int QuotedLength = 200;

    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, Person person, CancellationToken cancellationToken)
    {
        IReadOnlyList<MemoryId> ids = [.. arguments.Ids("ids").Distinct()];
        var code = arguments.OptionalText("confirmation");
        var filter = QueryFilter.Read(arguments, "filter");
        if (code is null && filter is null && ids.Count == 0 && arguments.Object("filter") is not null)
            throw new MemoryException("The filter is empty, so it matches every memory. Give at least one condition.");
        if (ids.Count > 0 && filter is not null || ids.Count == 0 && filter is null && code is null)
            throw new MemoryException("Give one of 'ids', 'filter' and 'confirmation': ids delete at once; a filter shows what it would delete and gives a code; the code deletes that.");
        var target = collection.Read(arguments).Collection;

        if (filter is not null && code is null)
            return await ByFilterAsync(caller, target, filter, person, cancellationToken);
        if (code is not null && options.ConfirmationBy == ConfirmationBy.Person)
            throw new MemoryException("This server asks the person, and takes no code. Nothing was deleted; call with the filter alone.");

        var forgotten = await forget.HandleAsync(caller, new ForgetMemoriesRequest(target, ids, code, filter), cancellationToken);
        return Deleted(target, forgotten);
    }

    private async Task<ToolReply> ByFilterAsync(Caller caller, CollectionName target, Filter filter, Person person, CancellationToken cancellationToken)
    {
        if (person.HasAnswered)
            return await FollowAsync(person.Answer());
        if (options.ConfirmationBy == ConfirmationBy.Person && !person.CanBeAsked)
            throw new MemoryException(
                "This server deletes by a filter only when the person says yes, and this client can't ask. Nothing was deleted; name memories by 'ids', "
                + "use a client with elicitation, or let the operator set MEMORY_CONFIRM=auto.");

        var matched = await preview.HandleAsync(caller, new PreviewForgetRequest(target, filter), cancellationToken);
        return matched.Code is { } code && person.CanBeAsked && options.ConfirmationBy != ConfirmationBy.Code
            ? await FollowAsync(await person.AskAsync(Question(target, matched), code, ConfirmationCodes.Lifetime, clock, cancellationToken))
            : Preview(target, matched);

        async Task<ToolReply> FollowAsync(PersonAnswer answer) => answer.Decision == PersonDecision.Yes
            ? Deleted(target, await forget.HandleAsync(caller, new ForgetMemoriesRequest(target, [], answer.State, filter), cancellationToken))
            : throw new MemoryException(Refusal(answer.Decision));
    }

    private string Question(CollectionName target, PreviewForgetResult matched)
    {
        var sample = matched.Sample.Select(memory => $"\n- {ShortText.Of(LogText.OnOneLine(memory.Text.ReplaceLineEndings(" ")), QuotedLength)}");
        var more = matched.Count - matched.Sample.Count;
        return $"Forget {(matched.Count == 1 ? "1 memory" : $"{matched.Count} memories")} of '{target}'?{string.Concat(sample)}{(more > 0 ? $"\n- and {more} more" : "")}"
            + (options.KeepsHistory ? "" : "\nNothing can bring them back.");
    }

    private static string Refusal(PersonDecision decision) => decision switch
    {
        PersonDecision.No => "The person was asked and said no. Nothing was deleted; don't ask again unless they want it.",
        PersonDecision.Dismissed => "The person closed the question without an answer. Nothing was deleted.",
        PersonDecision.Silent => "The person did not answer within five minutes. Nothing was deleted; ask again when they are there.",
        _ => "The client could not ask the person. Nothing was deleted; name memories by 'ids', or let the operator set MEMORY_CONFIRM=code.",
    };

    private static ToolReply Deleted(CollectionName target, ForgetMemoriesResult forgotten)
    {
        var unknown = forgotten.Touched.Count - forgotten.Deleted - forgotten.Changed;
        var sentence = forgotten.Deleted switch
        {
            0 when forgotten.Changed == 0 => $"There is no such memory in '{target}', so nothing was deleted. Take ids from qdrant-find, with the collection that it names.",
            1 => $"Forgot 1 memory of '{target}'.",
            var count => $"Forgot {count} memories of '{target}'.",
        };
        if (unknown > 0 && forgotten.Deleted > 0)
            sentence += $" {unknown} of the ids are not there.";
        if (forgotten.Changed > 0)
            sentence += $" {forgotten.Changed} more were changed by others at this moment, and stay; ask again with the filter to see them.";
        if (forgotten.Change is { } change)
            sentence += $" This is change {change}.";
        return Reply([sentence], [], note => new ForgetOutput(forgotten.Deleted, Matched: null, Sample: [], Confirmation: null, ExpiresAt: null, forgotten.Change?.ToString(), note));
    }

    private ToolReply Preview(CollectionName target, PreviewForgetResult preview)
    {
        var budget = new AnswerBudget(options.MaxAnswerBytes);
        var sample = preview.Sample.Select(budget.Fit).OfType<ShownMemory>().ToArray();
        return Reply(
            [
                preview.Code is null
                    ? $"No memory of '{target}' matches the filter. Nothing was deleted."
                    : $"Nothing was deleted yet. {preview.Count} memories of '{target}' match the filter. To delete exactly these, call {ToolName.Forget.ProtocolName()} again "
                    + $"with \"confirmation\": \"{preview.Code}\"{(preview.NeedsFilter ? " and the same filter" : "")}, within five minutes. The first of them:",
            ],
            [.. sample.Select(shown => EntryText.Of(shown.Memory, target, options.ResultFormat, shown.IsPartial))],
            note => new ForgetOutput(
                0, preview.Count, [.. sample.Select(shown => new ForgetSample(shown.Memory.Id.ToString(), shown.Memory.Text, ShownMetadata.Of(shown.Memory.Metadata)))],
                preview.Code, preview.ExpiresAt, Change: null, note));
    }

    private static ToolReply Reply(IReadOnlyList<string> sentences, IReadOnlyList<string> entries, Func<string, ForgetOutput> output) =>
        new(sentences, entries, note => JsonSerializer.SerializeToElement(output(note), ToolJson.Default.ForgetOutput));

    private static Tool Describe(CollectionArgument collection) => new()
    {
        Name = ToolName.Forget.ProtocolName(),
        Title = "Forget",
        Description = "Delete memories: by ids, or all that a filter matches. A filter gives a count, a sample and a code, for the user to confirm: "
            + "pass the code back to delete exactly those.",
        InputSchema = collection.AddTo(new ObjectSchema()
                .Optional("ids", """{"type": "array", "items": {"type": "string"}}""", "From qdrant-find.")
                .Optional("filter", QueryFilter.JsonSchema, QueryFilter.Description)
                .Optional("confirmation", ObjectSchema.AnyText, "The code that a call with 'filter' gave."))
            .Build(),
        OutputSchema = ForgetOutput.Schema,
        Annotations = new ToolAnnotations { IdempotentHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-forget</c>: what was deleted, or what would be.</summary>
internal sealed record ForgetOutput(long Deleted, int? Matched, IReadOnlyList<ForgetSample> Sample, string? Confirmation, DateTimeOffset? ExpiresAt, string? Change, string Note)
{
    public static JsonElement Schema => new ObjectSchema()
        .Required("deleted", """{"type": "integer"}""")
        .Optional("matched", """{"type": "integer"}""")
        .Required("sample", """{"type": "array", "items": {"type": "object"}}""")
        .Optional("confirmation", ObjectSchema.AnyText)
        .Optional("expires_at", ObjectSchema.AnyText)
        .Optional("change", ObjectSchema.AnyText)
        .Required("note", ObjectSchema.AnyText)
        .Build();
}

/// <summary>A memory that a filter would delete.</summary>
internal sealed record ForgetSample(string Id, string Content, JsonElement? Metadata);
