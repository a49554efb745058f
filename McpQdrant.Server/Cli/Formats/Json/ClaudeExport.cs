using System.Text.Json;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>Conversations as Claude's data export has them: messages in their order.</summary>
/// <remarks>https://support.claude.com/en/articles/9450526-how-can-i-export-my-claude-data</remarks>
internal static class ClaudeExport
{
    public static bool Fits(JsonElement item) => Fields.Find(item, "chat_messages") is { ValueKind: JsonValueKind.Array };

    public static Conversation Read(JsonElement item)
    {
        if (Fields.Find(item, "chat_messages") is not { ValueKind: JsonValueKind.Array } messages)
            throw new FieldException("its 'chat_messages' are no array");

        return new Conversation("claude", Fields.TextOf(item, "uuid"), Fields.TextOf(item, "name"), [.. messages.EnumerateArray().Select(TurnOf).OfType<ConversationTurn>()])
        {
            Created = Fields.TimeOf(item, "created_at"),
            Updated = Fields.TimeOf(item, "updated_at"),
        };
    }

    /// <returns>Null for a message without text.</returns>
    private static ConversationTurn? TurnOf(JsonElement message)
    {
        var role = Fields.TextOf(message, "sender") switch
        {
            "human" => ConversationTurn.User,
            "assistant" => ConversationTurn.Assistant,
            _ => null,
        };
        var text = TextOf(message).Trim();
        return role is null || text.Length == 0 ? null : new ConversationTurn(Fields.TextOf(message, "uuid"), role, text, Fields.TimeOf(message, "created_at"));
    }

    /// <summary>Newer exports have the text in blocks, among those of tools and thoughts.</summary>
    private static string TextOf(JsonElement message)
    {
        var blocks = Fields.Find(message, "content") is { ValueKind: JsonValueKind.Array } content
            ? content.EnumerateArray().Where(block => Fields.TextOf(block, "type") == "text").Select(block => Fields.TextOf(block, "text") ?? "").ToList()
            : [];
        return blocks.Count > 0 ? string.Join("\n\n", blocks) : Fields.TextOf(message, "text") ?? "";
    }
}
