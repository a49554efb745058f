using System.CommandLine;
using McpQdrant.Server.Commands;

var root = new RootCommand("A semantic memory for agents, kept in Qdrant. Without a command it serves.")
{
    SettingsCommand.Create(),
};
ServeCommand.AddTo(root);
return await root.Parse(args).InvokeAsync();
