using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-update</c>: corrects a memory under its id.</summary>
internal sealed class UpdateTool(UpdateMemory update, CollectionArgument collection, ToolOptions options, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection), policy, logger)
{
    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, Person person, CancellationToken cancellationToken)
    {
        var id = arguments.Id("id");
        var text = arguments.Value("information") is null ? null : arguments.Text("information", MemoryLimits.MaxTextBytes);
        var request = new UpdateMemoryRequest(collection.Read(arguments).Collection, id, text, arguments.Object("metadata"), arguments.Flag("replace_metadata"), arguments.OptionalText("expires"));

        var updated = await update.HandleAsync(caller, request, cancellationToken);

        var shown = new AnswerBudget(options.MaxAnswerBytes).Fit(updated.Memory)!.Value;
        return new ToolReply(
            [updated.Change is { } change ? $"Updated {id} (change {change}):" : $"Updated {id}:"],
            [EntryText.Of(shown.Memory, request.Collection, options.ResultFormat, shown.IsPartial)],
            note => JsonSerializer.SerializeToElement(
                new UpdateOutput(id.ToString(), shown.Memory.Text, shown.IsPartial ? true : null, ShownMetadata.Of(shown.Memory.Metadata), updated.Change?.ToString(), updated.Memory.RevisionNumber, note), ToolJson.Default.UpdateOutput));
    }

    private static Tool Describe(CollectionArgument collection) => new()
    {
        Name = ToolName.Update.ProtocolName(),
        Title = "Correct a memory",
        Description = "Correct a memory that proved wrong or out of date, instead of storing one that contradicts it.",
        InputSchema = collection.AddTo(new ObjectSchema()
                .Required("id", ObjectSchema.AnyText, "From qdrant-find."))
            .Optional("information", ObjectSchema.AnyText, "The new text, whole; without it the text stays.")
            .Optional("metadata", ObjectSchema.AnyObject, "Fields to set; null removes one.")
            .Optional("replace_metadata", """{"type": "boolean"}""", "True: 'metadata' replaces all of it.")
            .Optional("expires", ObjectSchema.AnyText, "As in a store, or never.")
            .Build(),
        OutputSchema = new ObjectSchema()
            .Required("id", ObjectSchema.AnyText)
            .Required("content", ObjectSchema.AnyText)
            .Optional("partial", """{"type": "boolean"}""")
            .Optional("metadata", """{"type": "object"}""")
            .Optional("change", ObjectSchema.AnyText)
            .Required("note", ObjectSchema.AnyText)
            .Build(),
        Annotations = new ToolAnnotations { IdempotentHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-update</c>.</summary>
internal sealed record UpdateOutput(string Id, string Content, bool? Partial, JsonElement? Metadata, string? Change, int Revision, string Note);
