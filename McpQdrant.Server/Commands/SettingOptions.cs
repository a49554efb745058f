using System.Collections;
using System.CommandLine;
using McpQdrant.Server.Configuration;

namespace McpQdrant.Server.Commands;

/// <summary>The command line options that set settings, and the way from a command line to the settings in force.</summary>
internal static class SettingOptions
{
    public static IReadOnlyList<Option<string>> All { get; } =
        [.. Settings.All.Where(setting => setting.Option is not null).Select(setting => new Option<string>(setting.Option!) { Description = setting.Meaning, Recursive = true })];

    /// <summary>Runs with the settings in force; where they are wrong, says so and ends with <see cref="ExitCode.Usage"/>.</summary>
    public static async Task<int> WithSettingsAsync(ParseResult parsed, Func<SettingValues, Task<int>> run)
    {
        SettingValues settings;
        try
        {
            settings = Load(parsed);
        }
        catch (InvalidSettingsException invalid)
        {
            await Console.Error.WriteLineAsync(invalid.Message);
            return ExitCode.Usage;
        }

        foreach (var warning in settings.Warnings)
            await Console.Error.WriteLineAsync($"Warning: {warning}");
        return await run(settings);
    }

    /// <exception cref="InvalidSettingsException">Any setting is invalid.</exception>
    public static SettingValues Load(ParseResult parsed)
    {
        var commandLine = All
            .Select(option => (option.Name, Value: parsed.GetValue(option)))
            .Where(option => option.Value is not null)
            .ToDictionary(option => option.Name, option => option.Value!);
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
        return SettingValues.Load(commandLine, environment, Path.Combine(AppContext.BaseDirectory, "appsettings.json"));
    }
}
