namespace McpQdrant.Server.Configuration.Loading;

/// <summary>What must hold between settings.</summary>
/// <param name="About">The settings it looks at; where one of them is invalid by itself, the rule says nothing.</param>
/// <param name="Complaint">What is wrong and what to do, in sentences; null where all is well.</param>
internal sealed record SettingRule(IReadOnlyList<Setting> About, Func<SettingValues, string?> Complaint);
