namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<int> HookTokens = new("MCP_HOOK_TOKENS", Formats.Integer(100, 20_000))
    {
        Default = "800",
        Meaning = "How long the brief at a session's start may be, in tokens of about four characters. What a prompt brings back is half as long at most.",
    };

    public static readonly Setting<double> HookSimilarity = new("MCP_HOOK_SIMILARITY", Formats.Number(0, 1))
    {
        Default = "0.35",
        Meaning = "The cosine similarity to a prompt from which a memory is brought back; it must share words with the prompt too. Models differ: of `intfloat/multilingual-e5-small` even unrelated texts lie near each other, so that it takes a higher one.",
    };

    private static SettingGroup HookGroup => new(
        "Hooks",
        "What `mcp-server-qdrant hook` does when a client calls it: [hooks.md](hooks.md).",
        [HookTokens, HookSimilarity]);
}
