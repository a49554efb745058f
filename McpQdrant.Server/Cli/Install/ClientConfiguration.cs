using McpQdrant.Core.Memories;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli.Install;

/// <summary>A client, where it keeps its configuration, and how a server is written there.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Container">The object, or table, that holds all servers.</param>
/// <param name="HasType">Whether the entry says <c>"type": "stdio"</c>.</param>
/// <param name="Path">The file of the user, whether it is there or not.</param>
internal sealed record ClientConfiguration(string Name, string Title, string Container, bool HasType, Func<string> Path)
{
    public static IReadOnlyList<ClientConfiguration> All { get; } =
    [
        new("claude-code", "Claude Code", "mcpServers", HasType: true, () => In(Variable("CLAUDE_CONFIG_DIR") ?? Home, ".claude.json")),
        new("claude-desktop", "Claude Desktop", "mcpServers", HasType: false, () => In(ApplicationData, "Claude", "claude_desktop_config.json")),
        new("cursor", "Cursor", "mcpServers", HasType: false, () => In(Home, ".cursor", "mcp.json")),
        new("vscode", "Visual Studio Code", "servers", HasType: true, () => In(ApplicationData, "Code", "User", "mcp.json")),
        new("codex", "Codex", "mcp_servers", HasType: false, () => In(Variable("CODEX_HOME") ?? In(Home, ".codex"), "config.toml")),
        new("gemini", "Gemini CLI", "mcpServers", HasType: false, () => In(Home, ".gemini", "settings.json")),
        new("zed", "Zed", "context_servers", HasType: false, () => OperatingSystem.IsWindows() ? In(ApplicationData, "Zed", "settings.json") : In(Variable("XDG_CONFIG_HOME") ?? In(Home, ".config"), "zed", "settings.json")),
    ];

    /// <exception cref="MemoryException">This user has no home.</exception>
    private static string Home => PathFormats.UserHome ?? throw new MemoryException("This user has no home, where clients keep their configuration. Name the file with --config.");

    /// <summary>Where programs with a window keep their settings: <c>~/.config</c>, <c>~/Library/Application Support</c> or <c>%APPDATA%</c>.</summary>
    private static string ApplicationData =>
        OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify)
        : OperatingSystem.IsMacOS() ? In(Home, "Library", "Application Support")
        : Variable("XDG_CONFIG_HOME") ?? In(Home, ".config");

    private static string In(params string[] parts) => System.IO.Path.Combine(parts);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && System.IO.Path.IsPathRooted(value) ? value : null;
}
