namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>Fills in where memories are kept when neither QDRANT_URL nor QDRANT_LOCAL_PATH says so.</summary>
internal static class StoreChoice
{
    private const string FolderName = "mcp-server-qdrant";

    /// <summary>Takes the server that Aspire injects, else the user's data folder.</summary>
    public static void Complete(Dictionary<Setting, SettingValue> values)
    {
        if (IsSet(Settings.QdrantUrl) || IsSet(Settings.LocalPath))
            return;

        if (IsSet(Settings.InjectedRest))
            Use(Settings.InjectedRest, (values[Settings.InjectedRest].Value as ConnectionString)?.Endpoint);
        else if (IsSet(Settings.InjectedGrpc))
            Use(Settings.InjectedGrpc, values[Settings.InjectedRestUrl].Value as Uri);
        else
            values[Settings.LocalPath] = DefaultFolder();

        bool IsSet(Setting setting) => values[setting].Source.Origin != SettingOrigin.Default;

        void Use(Setting<ConnectionString?> injected, Uri? endpoint)
        {
            if (endpoint is null || values[injected] is not { Value: ConnectionString connection, Source: var source })
                return;

            values[Settings.QdrantUrl] = new(new StoreLocation.Server(endpoint), endpoint.OriginalString, source);
            if (!IsSet(Settings.QdrantApiKey) && connection.Key is { } key)
                values[Settings.QdrantApiKey] = new(key, key, source);
        }
    }

    /// <summary>XDG_DATA_HOME or ~/.local/share, ~/Library/Application Support, or %LOCALAPPDATA%.</summary>
    private static SettingValue DefaultFolder()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var folder = Path.Combine(data, FolderName);

        return new(new StoreLocation.Folder(folder), folder, SettingSource.Default);
    }
}
