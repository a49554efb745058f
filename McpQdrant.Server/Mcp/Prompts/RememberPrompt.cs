using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Prompts;

/// <summary>Teaches a model what of a conversation is worth keeping, and in which form.</summary>
internal sealed class RememberPrompt() : MemoryPrompt(new Prompt
{
    Name = "remember",
    Title = "Keep what matters",
    Description = "Store what is worth keeping from a conversation.",
    Arguments =
    [
        new PromptArgument { Name = "conversation", Description = "The conversation; left out, the one you are in.", Required = false },
        new PromptArgument { Name = "collection", Description = "Where to store; left out, where it fits.", Required = false },
    ],
})
{
    protected override string Text(Func<string, string?> argument) =>
        $"""
        Store what is worth remembering from {(argument("conversation") is null ? "our conversation so far" : "the conversation below")}, with qdrant-store{(argument("collection") is { } collection ? $" in the collection '{collection}'" : "")}.

        - Keep decisions and their reasons, facts, preferences, names, and how problems were solved. Leave out small talk, guesses, and secrets such as passwords and keys.
        - One thought a call, in a sentence or a few, understandable without the conversation: full names, absolute dates, exact codes and versions.
        - Call qdrant-find first. Where a memory says the same, store nothing; where one has become wrong, correct it with qdrant-update if you have that tool.
        - Put what one may filter by into metadata, for instance project, person, kind.

        Then list what you stored, a line each.
        {(argument("conversation") is { } conversation ? $"\n{conversation}" : "")}
        """;
}
