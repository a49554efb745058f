using System.CommandLine;
using McpQdrant.Server.Cli;

// Signals are the commands' own: what is under way is finished, and the exit code says how that went.
return await CommandLine.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
