using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary>Runs a command with the server's own parts: with progress, until it is done or somebody stops it.</summary>
internal static class MaintenanceRun
{
    /// <param name="work">Does it, and says what was done.</param>
    public static Task<int> RunAsync(
        ParseResult result, SettingValues settings, Func<IServiceProvider, IProgress<BackfillProgress>, CancellationToken, Task<string>> work, CancellationToken cancellationToken) =>
        RunAsync(
            result,
            settings,
            work,
            done =>
            {
                result.InvocationConfiguration.Output.WriteLine(done);
                return ExitCode.Success;
            },
            cancellationToken);

    /// <param name="finish">Prints what was done, and gives the exit code.</param>
    public static async Task<int> RunAsync<T>(
        ParseResult result, SettingValues settings, Func<IServiceProvider, IProgress<BackfillProgress>, CancellationToken, Task<T>> work, Func<T, int> finish,
        CancellationToken cancellationToken)
    {
        var error = result.InvocationConfiguration.Error;
        using var signals = new StopSignals(cancellationToken);
        await using var services = Services(settings);
        try
        {
            var isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
            T done;
            using (var progress = new MaintenanceProgress(error, isTerminal, TimeProvider.System))
                done = await work(services, progress, signals.Token);
            return finish(done);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped. What is done stays done; run the same command again to go on from there.");
            return ExitCode.Failure;
        }
    }

    /// <summary>The server's parts, for a command.</summary>
    public static ServiceProvider Services(SettingValues settings) => new ServiceCollection()
        .AddLogging(logging => logging.AddServerLogging(settings.Get(Settings.LogFormat), Quiet(settings.Get(Settings.LogLevel))))
        .AddMemoryServer(settings, Caller.Local)
        .BuildServiceProvider();

    /// <summary>What a server would log as news, the command says itself.</summary>
    private static LogLevel Quiet(LogLevel wanted) => wanted == LogLevel.Information ? LogLevel.Warning : wanted;
}
