using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-undo</c>: takes back a change of the caller's own. Only where the operator offers it.</summary>
internal sealed class UndoTool(UndoChange undo, CollectionArgument collection, ToolOptions options, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection), policy, logger)
{
    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, Person person, CancellationToken cancellationToken)
    {
        if (!ChangeId.TryParse(arguments.Text("change", maxBytes: 100), out var change))
            throw new MemoryException("'change' must be the id of a change, as the answers of qdrant-update and qdrant-forget give it.");
        var target = collection.Read(arguments).Collection;

        var undone = await undo.HandleAsync(caller, new UndoChangeRequest(target, change), cancellationToken);

        var budget = new AnswerBudget(options.MaxAnswerBytes);
        var shown = undone.Memories.Select(memory => memory.Now).OfType<Memory>().Select(budget.Fit).OfType<ShownMemory>();
        return new ToolReply(
            [.. Sentences(undone)],
            [.. shown.Select(memory => EntryText.Of(memory.Memory, target, options.ResultFormat, memory.IsPartial))],
            note => JsonSerializer.SerializeToElement(
                new UndoOutput(Count(undone, UndoOutcome.Undone), Count(undone, UndoOutcome.ChangedSince), undone.UndoneBy?.ToString(), [.. undone.Memories.Select(UndoneEntry.Of)], note), ToolJson.Default.UndoOutput));
    }

    private static IEnumerable<string> Sentences(UndoChangeResult undone)
    {
        if (Count(undone, UndoOutcome.Undone) is var count and > 0)
            yield return $"{(count == 1 ? "1 memory is" : $"{count} memories are")} as before the change. This is change {undone.UndoneBy}, which can be undone too.";
        if (Count(undone, UndoOutcome.AlreadyAsBefore) is var already and > 0)
            yield return $"{(already == 1 ? "1 memory was" : $"{already} memories were")} as before already.";
        if (Count(undone, UndoOutcome.ChangedSince) is var since and > 0)
            yield return $"{(since == 1 ? "1 memory was" : $"{since} memories were")} changed again since, and left alone: undo the later change first, or use qdrant-update.";
    }

    private static int Count(UndoChangeResult undone, UndoOutcome outcome) => undone.Memories.Count(memory => memory.Outcome == outcome);

    private static Tool Describe(CollectionArgument collection) => new()
    {
        Name = ToolName.Undo.ProtocolName(),
        Title = "Undo a change",
        Description = "Take back one of your own changes of the last hour: an update, a deletion, or an undo.",
        InputSchema = collection.AddTo(new ObjectSchema()
                .Required("change", ObjectSchema.AnyText, "The id of the change, from the answer to it."))
            .Build(),
        OutputSchema = new ObjectSchema()
            .Required("undone", """{"type": "integer"}""")
            .Required("changed_since", """{"type": "integer"}""")
            .Optional("change", ObjectSchema.AnyText)
            .Required("note", ObjectSchema.AnyText)
            .Build(),
        Annotations = new ToolAnnotations { IdempotentHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-undo</c>.</summary>
/// <param name="Undone">Memories that are as before the change.</param>
/// <param name="ChangedSince">Memories that were changed again since, and left alone.</param>
/// <param name="Change">The id of the undo itself, which is a change too.</param>
/// <param name="Memories">What became of each.</param>
internal sealed record UndoOutput(int Undone, int ChangedSince, string? Change, IReadOnlyList<UndoneEntry> Memories, string Note);

/// <summary>What became of one memory of a change that was taken back: <c>undone</c>, <c>already_as_before</c> or <c>changed_since</c>.</summary>
internal sealed record UndoneEntry(string Id, string Outcome)
{
    public static UndoneEntry Of(UndoneMemory memory) => new(memory.Id.ToString(), memory.Outcome switch
    {
        UndoOutcome.Undone => "undone",
        UndoOutcome.AlreadyAsBefore => "already_as_before",
        _ => "changed_since",
    });
}
