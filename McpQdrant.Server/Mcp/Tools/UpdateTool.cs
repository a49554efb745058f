using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-update</c>: corrects a memory under its id.</summary>
internal sealed class UpdateTool(UpdateMemory update, CollectionArgument collection, ToolOptions options, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection), policy, logger)
{
    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var id = arguments.Id("id");
        var text = arguments.Value("information") is null ? null : arguments.Text("information", MemoryLimits.MaxTextBytes);
        var request = new UpdateMemoryRequest(collection.Read(arguments).Collection, id, text, arguments.Object("metadata"), arguments.Flag("replace_metadata"));

        var updated = await update.HandleAsync(caller, request, cancellationToken);

        var shown = new AnswerBudget(options.MaxAnswerBytes).Fit(updated.Memory)!.Value;
        return new ToolReply(
            [updated.Change is { } change ? $"Updated {id} (change {change}):" : $"Updated {id}:"],
            [EntryText.Of(shown.Memory, request.Collection, options.ResultFormat, shown.IsPartial)],
            note => JsonSerializer.SerializeToElement(
                new UpdateOutput(id.ToString(), shown.Memory.Text, shown.IsPartial ? true : null, ShownMetadata.Of(shown.Memory.Metadata), updated.Change?.ToString(), note), ToolJson.Default.UpdateOutput));
    }

    private static Tool Describe(CollectionArgument collection) => new()
    {
        Name = ToolName.Update.ProtocolName(),
        Title = "Correct a memory",
        Description = "Change a memory that proved wrong or out of date, instead of storing a second one that contradicts it. The id comes from qdrant-find.",
        InputSchema = collection.AddTo(new ObjectSchema()
                .Required("id", """{"type": "string"}""", "The memory's id, from qdrant-find."))
            .Optional("information", """{"type": "string"}""", "The new text, whole; left out, the text stays.")
            .Optional("metadata", ObjectSchema.AnyObject, "Fields to set; a field that is null is removed; the others stay.")
            .Optional("replace_metadata", """{"type": "boolean", "default": false}""", "True to put 'metadata' in place of all that was there.")
            .Build(),
        OutputSchema = new ObjectSchema()
            .Required("id", """{"type": "string"}""", "The memory's id, which stays.")
            .Required("content", """{"type": "string"}""", "The text as it is now.")
            .Optional("partial", """{"type": "boolean"}""", "True where content is only the beginning of the text.")
            .Optional("metadata", ObjectSchema.AnyObject, "The metadata as it is now; absent where there is none.")
            .Optional("change", """{"type": "string"}""", "The id of the change, by which it can be undone.")
            .Required("note", """{"type": "string"}""", "What happened.")
            .Build(),
        Annotations = new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-update</c>.</summary>
internal sealed record UpdateOutput(string Id, string Content, bool? Partial, JsonElement? Metadata, string? Change, string Note);
