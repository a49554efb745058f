using System.CommandLine;

namespace McpQdrant.Server.Commands;

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
