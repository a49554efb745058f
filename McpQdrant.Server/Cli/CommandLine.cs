using System.CommandLine;

namespace McpQdrant.Server.Cli;

/// <summary>All commands of the program.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("A semantic memory for agents, kept in Qdrant. Without a command it serves.")
        {
            DoctorCommand.Create(),
            HealthcheckCommand.Create(),
            KeyCommand.Create(),
            ReembedCommand.Create(),
            SettingsCommand.Create(),
            UpgradeCommand.Create(),
        };
        root.AddSettingOptions();
        var createKeys = KeyFileOption.Create();
        root.Options.Add(createKeys);
        root.SetAction(ServeCommand.RunAsync, beforeSettings: (result, variables) =>
        {
            if (result.GetValue(createKeys))
                KeyFileOption.CreateKeys(variables, result.InvocationConfiguration.Error);
        });
        return root;
    }
}

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not do what it was asked.</summary>
    public const int Failure = 1;
}
