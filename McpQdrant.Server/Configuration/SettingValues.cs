using McpQdrant.Server.Configuration.Loading;

namespace McpQdrant.Server.Configuration;

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

    public T Get<T>(Setting<T> setting) => (T)values[setting].Value!;

    public SettingSource Source(Setting setting) => values[setting].Source;

    /// <summary>Whether anything but the default gives its value.</summary>
    public bool IsSet(Setting setting) => Source(setting).Origin != SettingOrigin.Default;

    /// <summary>The value in force as it may be printed: secrets are masked; null where there is none.</summary>
    public string? Show(Setting setting) => values[setting] is { Value: { } value, Text: { } text }
        ? setting.IsSecret ? Masked : setting.ShowsValue ? value.ToString() : text
        : null;
}
