using System.CommandLine;
using System.CommandLine.Help;
using McpQdrant.Server.Cli.Backup;
using McpQdrant.Server.Cli.Install;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Transfer;
using McpQdrant.Server.Cli.Watch;
using McpQdrant.Server.Hooks;

namespace McpQdrant.Server.Cli;

/// <summary>All commands of the program.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("A semantic memory for agents, kept in Qdrant. Without a command it serves.")
        {
            StoreCommand.Create(),
            FindCommand.Create(),
            GetCommand.Create(),
            UpdateCommand.Create(),
            ForgetCommand.Create(),
            LogCommand.Create(),
            UndoCommand.Create(),
            PurgeCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            CopyCommand.Create(),
            WatchCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            CompletionCommand.Create(),
            DoctorCommand.Create(),
            ExpireCommand.Create(),
            ExplorerCommand.Create(),
            HealthcheckCommand.Create(),
            HookCommand.Create(),
            InstallCommand.Create(),
            KeyCommand.Create(),
            ReembedCommand.Create(),
            SettingsCommand.Create(),
            UpgradeCommand.Create(),
        };
        foreach (var list in ListCommands.Create())
            root.Subcommands.Add(list);
        // The others of its names are for other shells, and would be offered by every completion.
        var help = root.Options.OfType<HelpOption>().Single();
        foreach (var alias in (string[])["/h", "/?", "-?"])
            help.Aliases.Remove(alias);
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

    /// <summary>It was done, and there was nothing that was asked for.</summary>
    public const int NotFound = 3;

    /// <summary>It was done, but for what could not be.</summary>
    public const int Partial = 4;
}
