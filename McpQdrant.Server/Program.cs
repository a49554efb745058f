using System.CommandLine;
using McpQdrant.Core.Http;
using McpQdrant.Server.Cli;

LoopbackProxyBypass.UseForAllClients();

// Signals are the commands' own: what is under way is finished, and the exit code says how that went.
return await CommandLine.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
