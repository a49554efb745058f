using McpQdrant.Server.Hosting.Configuration.Loading;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>The settings in force: each valid by itself, and all of them together.</summary>
/// <param name="values">A value for each of <see cref="Settings.All"/>.</param>
/// <param name="warnings">What is likely to be a mistake, in sentences.</param>
internal sealed class SettingValues(IReadOnlyDictionary<Setting, SettingValue> values, IReadOnlyList<string> warnings)
{
    private const string Masked = "********";

    public IReadOnlyList<string> Warnings { get; } = warnings;

    /// <summary>Reads every setting; what is set higher up counts: command line, environment, the file of MCP_SETTINGS, the program's file.</summary>
    /// <param name="commandLine">Values by option, for instance <c>--port</c>.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="programFile">The settings file that may lie beside the program.</param>
    /// <exception cref="InvalidSettingsException">Any of them is invalid; it tells of all that are.</exception>
    public static SettingValues Load(
        IReadOnlyDictionary<string, string> commandLine, IReadOnlyDictionary<string, string> environment, string programFile) =>
        SettingsLoader.Load(commandLine, environment, programFile);

    /// <summary>The same settings, with memories kept elsewhere.</summary>
    /// <param name="key">What that Qdrant asks for; null for nothing.</param>
    public SettingValues WithStore(StoreLocation store, string? key)
    {
        var changed = new Dictionary<Setting, SettingValue>(values);
        Set(Settings.QdrantUrl, store is StoreLocation.Folder ? null : store);
        Set(Settings.LocalPath, store is StoreLocation.Folder ? store : null);
        Set(Settings.QdrantApiKey, key);
        return new SettingValues(changed, Warnings);

        void Set(Setting setting, object? value) => changed[setting] = new SettingValue(value, value?.ToString(), new SettingSource(SettingOrigin.CommandLine));
    }

    public T Get<T>(Setting<T> setting) => (T)values[setting].Value!;

    public SettingSource Source(Setting setting) => values[setting].Source;

    /// <summary>Whether anything but the default gives its value.</summary>
    public bool IsSet(Setting setting) => Source(setting).Origin != SettingOrigin.Default;

    /// <summary>The value in force as it may be printed: secrets are masked; null where there is none.</summary>
    public string? Show(Setting setting) => values[setting] is { Value: { } value, Text: { } text }
        ? setting.IsSecret ? Masked : setting.ShowsValue ? value.ToString() : text
        : null;
}

/// <summary>A setting's value in force.</summary>
/// <param name="Text">The text it was read from; null where nothing and no default sets it.</param>
internal sealed record SettingValue(object? Value, string? Text, SettingSource Source)
{
    /// <summary>Values may be secret, so none is printed.</summary>
    public override string ToString() => Source.ToString();
}

/// <summary>Settings that the server can't start with: the message has a sentence for each.</summary>
internal sealed class InvalidSettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>The exit code of a program that was not started for it.</summary>
    public const int ExitCode = 2;

    public IReadOnlyList<string> Errors { get; } = errors;
}
