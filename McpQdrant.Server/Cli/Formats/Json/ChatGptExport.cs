using System.Text.Json;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>Conversations as ChatGPT's data export has them: a tree of messages, of which one branch is what the person saw last.</summary>
/// <remarks>https://help.openai.com/en/articles/7260999-how-do-i-export-my-chatgpt-history-and-data, fields by https://portable-ai-memory.org/providers/openai</remarks>
internal static class ChatGptExport
{
    public static bool Fits(JsonElement item) => Fields.Find(item, "mapping") is { ValueKind: JsonValueKind.Object };

    public static Conversation Read(JsonElement item)
    {
        if (Fields.Find(item, "mapping") is not { ValueKind: JsonValueKind.Object } mapping)
            throw new FieldException("its 'mapping' is no object");

        var turns = new List<ConversationTurn>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // From the last message to the first. A tree has no circles; what somebody made by hand may.
        for (var id = Fields.TextOf(item, "current_node") ?? Last(mapping); id is not null && seen.Add(id) && Fields.Find(mapping, id) is { } node; id = Fields.TextOf(node, "parent"))
        {
            if (Fields.Find(node, "message") is { } message && TurnOf(message) is { } turn)
                turns.Add(turn);
        }
        turns.Reverse();
        return new Conversation("chatgpt", Fields.TextOf(item, "conversation_id") ?? Fields.TextOf(item, "id"), Fields.TextOf(item, "title"), turns)
        {
            Created = Fields.TimeOf(item, "create_time"),
            Updated = Fields.TimeOf(item, "update_time"),
        };
    }

    /// <summary>The newest message, where the export doesn't say which branch it is.</summary>
    private static string? Last(JsonElement mapping) => (
        from node in mapping.EnumerateObject()
        let message = Fields.Find(node.Value, "message")
        where message is not null
        orderby Fields.TimeOf(message.Value, "create_time") ?? DateTimeOffset.MinValue descending
        select node.Name).FirstOrDefault();

    /// <returns>Null for what the person didn't see: the system's words, tools, thoughts.</returns>
    private static ConversationTurn? TurnOf(JsonElement message)
    {
        var role = Fields.Find(message, "author") is { } author ? Fields.TextOf(author, "role") : null;
        var isHidden = Fields.Find(message, "metadata") is { } metadata && Fields.Find(metadata, "is_visually_hidden_from_conversation") is { ValueKind: JsonValueKind.True };
        if (role is not (ConversationTurn.User or ConversationTurn.Assistant) || isHidden || Fields.Find(message, "content") is not { } content
            || Fields.TextOf(content, "content_type") is not ("text" or "multimodal_text") || Fields.Find(content, "parts") is not { ValueKind: JsonValueKind.Array } parts)
            return null;

        // Parts that are no texts are pictures and sounds.
        var text = string.Join("\n", parts.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.String).Select(part => part.GetString())).Trim();
        return text.Length == 0 ? null : new ConversationTurn(Fields.TextOf(message, "id"), role, text, Fields.TimeOf(message, "create_time"));
    }
}
