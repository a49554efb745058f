namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Where a value came from.</summary>
/// <param name="Key">The option, variable or key, as it was written; null for a default.</param>
/// <param name="File">The settings file; null elsewhere.</param>
internal sealed record SettingSource(SettingOrigin Origin, string? Key = null, string? File = null)
{
    public static readonly SettingSource Default = new(SettingOrigin.Default);

    /// <summary>How a message calls the place, for instance <c>QDRANT_URL</c> or <c>Qdrant:Url in /etc/mcp.json</c>.</summary>
    public string Subject => File is null ? Key ?? "The default" : $"{Key} in {File}";

    /// <summary>The kind of place, for instance <c>command line</c>.</summary>
    public string Place => Origin switch
    {
        SettingOrigin.CommandLine => "command line",
        SettingOrigin.Environment => "environment",
        SettingOrigin.File => "file",
        _ => "default",
    };

    public override string ToString() => Key is null ? Place : $"{Place}: {Subject}";
}

/// <summary>The places a value may come from; the first that has one counts.</summary>
internal enum SettingOrigin
{
    CommandLine,
    Environment,
    File,
    Default,
}
