namespace McpQdrant.Server.Configuration;

/// <summary>Settings that are documented together.</summary>
/// <param name="Note">Markdown before the table; what is true of several of them.</param>
internal sealed record SettingGroup(string Title, string Note, IReadOnlyList<Setting> Settings);
