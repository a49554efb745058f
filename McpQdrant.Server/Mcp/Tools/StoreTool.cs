using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary><c>qdrant-store</c>: keeps a text.</summary>
internal sealed class StoreTool(StoreMemory store, CollectionArgument collection, ToolOptions options, AccessPolicy policy, ILogger<MemoryTool> logger)
    : MemoryTool(Describe(collection, options), policy, logger)
{
    /// <summary>The caller knows what it stored; the beginning is enough to recognise it.</summary>
    private const int MaxShownText = 1000;

    protected override async Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, Person person, CancellationToken cancellationToken)
    {
        var text = arguments.Text("information", MemoryLimits.MaxTextBytes);
        var metadata = arguments.Object("metadata");
        var (target, isToBeNamed) = collection.Read(arguments);

        var stored = await store.HandleAsync(caller, new StoreMemoryRequest(target, text, metadata, arguments.Flag("force"), arguments.OptionalText("expires")), cancellationToken);

        return new ToolReply(
            [.. Sentences(text, stored, isToBeNamed)],
            stored.Duplicate is { } duplicate ? [EntryText.Of(duplicate.Memory, stored.Collection, options.ResultFormat)] : [],
            note => JsonSerializer.SerializeToElement(
                new StoreOutput(stored.Id.ToString(), stored.Collection.ToString(), stored.IsNew, note), ToolJson.Default.StoreOutput));
    }

    private IEnumerable<string> Sentences(string text, StoreMemoryResult stored, bool isToBeNamed)
    {
        if (stored.Duplicate is { } duplicate)
        {
            yield return $"Nothing was stored: memory {duplicate.Memory.Id} says nearly the same (similarity {duplicate.Similarity:F3}). Correct that one with qdrant-update, or store this one all the same with \"force\": true.";
            yield break;
        }

        var where = isToBeNamed ? $" in collection {stored.Collection}" : "";
        if (options.ResultFormat == ResultFormat.Python)
        {
            yield return $"Remembered: {stored.Text}{where}";
            yield break;
        }

        yield return $"{(stored.IsNew ? "Remembered" : "Remembered already")}: {ShortText.Of(stored.Text, MaxShownText)}{where}";
        yield return $"Its id is {stored.Id}.";
        if (stored.Text != text)
            yield return "The text holds a secret, and was stored without it.";
        if (stored.Passages > 0)
            yield return $"The whole text is stored. The model reads {stored.Embedding.TokensRead} tokens at once, so the text is also found by each of its {stored.Passages} passages.";
        else if (stored.Embedding.IsCut)
            yield return $"The whole text is stored. Its meaning is searched by its first {stored.Embedding.TokensRead} tokens; store long texts in parts to have all of their meaning searched, or have the operator upgrade the collection.";
    }

    private static Tool Describe(CollectionArgument collection, ToolOptions options) => new()
    {
        Name = ToolName.Store.ProtocolName(),
        Title = "Remember",
        Description = options.StoreDescription,
        InputSchema = collection.AddTo(new ObjectSchema()
                .Required("information", """{"type": "string", "minLength": 1}""", "The text: self-contained, with names and dates instead of 'he' and 'yesterday'."), more: " A new name makes a new one.")
            .Optional("metadata", ObjectSchema.AnyObject, "Facts about the text to filter by: {\"project\": \"atlas\", \"kind\": \"decision\"}.")
            .Optional("expires", ObjectSchema.AnyText, "Forgotten then: 30d, 2026-12-31.")
            .When(options.AsksBeforeDuplicates, schema => schema.Optional("force", """{"type": "boolean", "default": false}""", "True to store a text although a memory very like it is there."))
            .Build(),
        OutputSchema = new ObjectSchema()
            .Required("id", ObjectSchema.AnyText)
            .Required("collection", ObjectSchema.AnyText)
            .Required("created", """{"type": "boolean"}""")
            .Required("note", ObjectSchema.AnyText)
            .Build(),
        Annotations = new ToolAnnotations { DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false },
    };
}

/// <summary>The structured result of <c>qdrant-store</c>.</summary>
internal sealed record StoreOutput(string Id, string Collection, bool Created, string Note);
