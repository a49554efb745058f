using System.CommandLine;
using McpQdrant.Server.Commands;

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
root.SetAction(ServeCommand.RunAsync);

// Signals are the commands' own: what is under way is finished, and the exit code says how that went.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
