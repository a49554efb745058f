namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>Fills in where memories are kept when neither QDRANT_URL nor QDRANT_LOCAL_PATH says so.</summary>
internal static class StoreChoice
{
    private const string FolderName = "mcp-server-qdrant";

    /// <summary>Takes the server that Aspire injects, else the user's data folder.</summary>
    /// <param name="userData"><see cref="UserData"/>.</param>
    /// <returns>A complaint where there is nothing to take; else null.</returns>
    public static string? Complete(Dictionary<Setting, SettingValue> values, string userData)
    {
        if (IsSet(Settings.QdrantUrl) || IsSet(Settings.LocalPath))
            return null;

        if (IsSet(Settings.InjectedRest))
            Use(Settings.InjectedRest, (values[Settings.InjectedRest].Value as ConnectionString)?.Endpoint);
        else if (IsSet(Settings.InjectedGrpc))
            Use(Settings.InjectedGrpc, values[Settings.InjectedRestUrl].Value as Uri);
        else if (Path.IsPathFullyQualified(userData))
            values[Settings.LocalPath] = InFolder(Path.Combine(userData, FolderName));
        else
            // It would be the working directory, which is another one at each start.
            return $"Nothing says where memories are kept: neither {Settings.QdrantUrl.Name} nor {Settings.LocalPath.Name} is set, and this user has no data folder "
                + $"({(userData.Length == 0 ? "HOME is not set" : $"{SettingText.Quote(userData)} is no absolute path")}). Set {Settings.LocalPath.Name} to a folder.";
        return null;

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

    /// <summary>XDG_DATA_HOME or ~/.local/share, ~/Library/Application Support, or %LOCALAPPDATA%; empty where the user has no home.</summary>
    public static string UserData()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return PathFormats.UserHome is null && (data.StartsWith("/.", StringComparison.Ordinal) || data.StartsWith("/Library/", StringComparison.Ordinal)) ? "" : data;
    }

    private static SettingValue InFolder(string folder) => new(new StoreLocation.Folder(folder), folder, SettingSource.Default);
}
