using System.Collections;
using System.CommandLine;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary>Gives commands the settings in force.</summary>
internal static class CommandSettings
{
    private static readonly IReadOnlyList<Option<string>> Options =
    [
        .. from setting in Settings.All
           where setting.Option is not null
           select new Option<string>(setting.Option!) { Description = setting.Meaning.Replace("`", "", StringComparison.Ordinal), Recursive = true },
    ];

    /// <summary>Adds the options that set something, for this command and those below it.</summary>
    public static void AddSettingOptions(this Command command)
    {
        foreach (var option in Options)
            command.Options.Add(option);
    }

    /// <summary>
    /// Sets what a command does with the settings in force. Warnings go to standard error; invalid settings go there as well, all
    /// at once, end with <see cref="InvalidSettingsException.ExitCode"/>, and the action doesn't run. What the action can't do ends with a
    /// sentence and <see cref="ExitCode.Failure"/>.
    /// </summary>
    /// <param name="beforeSettings">Runs with the environment's variables before the settings are read.</param>
    public static void SetAction(
        this Command command,
        Func<ParseResult, SettingValues, CancellationToken, Task<int>> action,
        Action<ParseResult, IReadOnlyDictionary<string, string>>? beforeSettings = null) =>
        command.SetAction(async (result, cancellationToken) =>
        {
            var error = result.InvocationConfiguration.Error;
            try
            {
                beforeSettings?.Invoke(result, Variables());
                var values = Load(result);
                foreach (var warning in values.Warnings)
                    await error.WriteLineAsync(warning);

                return await action(result, values, cancellationToken);
            }
            catch (InvalidSettingsException invalid)
            {
                await error.WriteLineAsync(invalid.Message);
                return InvalidSettingsException.ExitCode;
            }
            catch (MemoryException failure)
            {
                await error.WriteLineAsync(failure.Message);
                return ExitCode.Failure;
            }
        });

    /// <exception cref="InvalidSettingsException">Some can't be used; the message has a sentence for each.</exception>
    public static SettingValues Load(ParseResult result) =>
        SettingValues.Load(CommandLine(result), Variables(), Path.Combine(AppContext.BaseDirectory, "appsettings.json"));

    private static Dictionary<string, string> CommandLine(ParseResult result) => (
        from option in Options
        let value = result.GetResult(option) is { } given ? given.GetValueOrDefault<string>() : null
        where value is not null
        select (option.Name, value)).ToDictionary();

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
}
