using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary>Runs what takes a while on a collection: with progress, until it is done or somebody stops it.</summary>
internal static class MaintenanceRun
{
    /// <param name="work">Does it with the server's own parts, and says what was done.</param>
    public static async Task<int> RunAsync(
        ParseResult result, SettingValues settings, Func<IServiceProvider, IProgress<BackfillProgress>, CancellationToken, Task<string>> work, CancellationToken cancellationToken)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        using var signals = new StopSignals(cancellationToken);
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddServerLogging(settings.Get(Settings.LogFormat), Quiet(settings.Get(Settings.LogLevel))))
            .AddMemoryServer(settings, Caller.Local)
            .BuildServiceProvider();
        try
        {
            var isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
            string done;
            using (var progress = new MaintenanceProgress(error, isTerminal, TimeProvider.System))
                done = await work(services, progress, signals.Token);
            await output.WriteLineAsync(done);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped. What is done stays done; run the same command again to go on from there.");
            return ExitCode.Failure;
        }
    }

    /// <summary>What a server would log as news, the command says itself.</summary>
    private static LogLevel Quiet(LogLevel wanted) => wanted == LogLevel.Information ? LogLevel.Warning : wanted;
}
