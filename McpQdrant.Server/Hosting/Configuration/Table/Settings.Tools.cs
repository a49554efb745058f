using McpQdrant.Core.Access;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.Secrets;
using McpQdrant.Server.Mcp.Tools.Answers;

namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<string?> StoreDescription = new("TOOL_STORE_DESCRIPTION", Formats.Text.OrNull())
    {
        UnsetMeaning = "the tool's own",
        Meaning = "What `qdrant-store` tells a model about itself.",
    };

    public static readonly Setting<string?> FindDescription = new("TOOL_FIND_DESCRIPTION", Formats.Text.OrNull())
    {
        UnsetMeaning = "the tool's own",
        Meaning = "What `qdrant-find` tells a model about itself.",
    };

    public static readonly Setting<bool> ReadOnly = new("QDRANT_READ_ONLY", Formats.Boolean)
    {
        Default = "false",
        Meaning = "Offers no tool that writes or deletes.",
    };

    public static readonly Setting<IReadOnlyList<ToolName>> Tools = new("MCP_TOOLS", Formats.List(
        "some of find, store, update, forget, collections and undo, with commas between them",
        Formats.Choice(
            ("find", ToolName.Find), ("store", ToolName.Store), ("update", ToolName.Update), ("forget", ToolName.Forget), ("collections", ToolName.Collections),
            ("qdrant-find", ToolName.Find), ("qdrant-store", ToolName.Store), ("qdrant-update", ToolName.Update), ("qdrant-forget", ToolName.Forget),
            ("qdrant-collections", ToolName.Collections), ("undo", ToolName.Undo), ("qdrant-undo", ToolName.Undo))))
    {
        Default = "find,store,update,forget,collections",
        Meaning = "The tools that are offered. `undo` lets agents take back their own changes of the last hour.",
    };

    public static readonly Setting<TimeSpan> History = new("MEMORY_HISTORY", DurationFormat.OffOrBetween("1h", "3650d"))
    {
        Default = "30d",
        Meaning = "For how long the log of changes keeps what memories were before they were changed or deleted, so that it can be undone. `off` keeps no log.",
    };

    public static readonly Setting<IReadOnlyList<ExpiryRule>> Expires = new("MEMORY_EXPIRES", ExpiryFormat.Rules)
    {
        Unset = [],
        UnsetMeaning = "for ever",
        Meaning = "For how long memories are kept, by collection (`*` stands for any characters, the first rule that fits counts), where a store doesn't say it itself. "
            + "Memories that are there already stay as they are.",
    };

    public static readonly Setting<double?> DuplicateThreshold = new("MEMORY_DUPLICATE_THRESHOLD", Formats.Number(0, 1).OrNull())
    {
        Meaning = "From this cosine similarity on, a store reports the memory that is there already and keeps the new text only when "
            + "forced.",
    };

    public static readonly Setting<SecretHandling> Secrets = new("MEMORY_SECRETS", Formats.Choice(
        ("allow", SecretHandling.Allow), ("mask", SecretHandling.Mask), ("refuse", SecretHandling.Refuse)))
    {
        Default = "allow",
        Meaning = "What becomes of a memory that holds a key, a token, a password or a card number: `allow` stores it, `mask` puts `[secret: kind]` in the secret's place, `refuse` stores nothing.",
    };

    public static readonly Setting<ResultFormat> ResultFormat = new("MCP_RESULT_FORMAT", Formats.Choice(
        ("entry", Mcp.Tools.Answers.ResultFormat.Entry), ("python", Mcp.Tools.Answers.ResultFormat.Python)))
    {
        Default = "entry",
        Meaning = "How memories stand in the text of an answer: `entry` gives each its id, time and collection, `python` only text and metadata, as the Python server does.",
    };

    private static SettingGroup ToolGroup => new(
        "Tools", "What agents are offered.", [StoreDescription, FindDescription, ReadOnly, Tools, History, Expires, DuplicateThreshold, Secrets, ResultFormat]);
}
