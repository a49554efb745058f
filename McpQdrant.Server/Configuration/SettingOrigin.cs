namespace McpQdrant.Server.Configuration;

/// <summary>The places a value may come from; the first that has one counts.</summary>
internal enum SettingOrigin
{
    CommandLine,
    Environment,
    File,
    Default,
}
