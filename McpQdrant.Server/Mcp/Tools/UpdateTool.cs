using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-update</c>: corrects a memory under its id.</summary>
internal sealed class UpdateTool(MemoryService memories, CollectionArgument collection, ToolGate gate)
    : MemoryTool(ToolName.Update, Describe(collection), gate)
{
    protected override async Task<CallToolResult> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var id = call.Arguments.Id("id");
        var text = call.Arguments.Value("information") is null ? null : call.Arguments.Text("information", ToolOptions.MaxTextBytes);
        var metadata = call.Arguments.Object("metadata");
        var replaces = call.Arguments.Flag("replace_metadata");
        if (text is null && metadata is null && !replaces)
            throw new MemoryException("Nothing to change: give 'information', 'metadata', or both.");
        var target = collection.Read(call).Collection;
        call.Ids = [id];

        var updated = await memories.UpdateAsync(target, id, text, old => replaces ? metadata : MetadataMerge.Of(old, metadata), cancellationToken);

        call.Change = "updated";
        return ToolResult.Of(
            [$"Updated {id}:", EntryText.Of(updated.Memory.Text, updated.Memory.Metadata)],
            new UpdateOutput(id.ToString(), updated.Memory.Text, ShownMetadata.Of(updated.Memory.Metadata)),
            ToolJson.Default.UpdateOutput);
    }

    private static Tool Describe(CollectionArgument collection) => new()
    {
        Name = ToolName.Update.ProtocolName(),
        Title = "Correct a memory",
        Description = "Change a memory that proved wrong or out of date, instead of storing a second one that contradicts it. The id comes from qdrant-find.",
        InputSchema = collection.AddTo(new ObjectSchema()
                .Required("id", """{"type": ["string", "integer"]}""", "The memory's id, from qdrant-find."))
            .Optional("information", """{"type": ["string", "null"], "minLength": 1}""", "The new text, whole; left out, the text stays.")
            .Optional("metadata", """{"anyOf": [{"type": "object", "additionalProperties": true}, {"type": "null"}]}""", "Fields to set; a field that is null is removed; the others stay.")
            .Optional("replace_metadata", """{"type": "boolean", "default": false}""", "True to put 'metadata' in place of all that was there.")
            .Build(),
        OutputSchema = new ObjectSchema()
            .Required("id", """{"type": "string"}""", "The memory's id, which stays.")
            .Required("content", """{"type": "string"}""", "The text as it is now.")
            .Required("metadata", """{"type": ["object", "null"]}""", "The metadata as it is now.")
            .Build(),
        Annotations = new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-update</c>.</summary>
internal sealed record UpdateOutput(string Id, string Content, JsonElement? Metadata);
