using System.CommandLine;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary><c>healthcheck</c>: says by its exit code whether the HTTP server on this machine can serve, for images without a shell.</summary>
internal static class HealthcheckCommand
{
    public static Command Create()
    {
        var command = new Command(
            "healthcheck", "Asks the HTTP server on this machine, where the settings say it listens, how it is. Exit code: 0 healthy, 1 not.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, SettingValues settings, CancellationToken cancellationToken)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        if (HealthProbe.AddressOf(ListenAddress.From(settings)) is not { } address)
        {
            await error.WriteLineAsync("A server on port 0, which means any free one, or on https alone can't be asked. Name a port with --port.");
            return ExitCode.Failure;
        }

        var health = await HealthProbe.AskAsync(address, cancellationToken);
        await (health.State == HealthState.Healthy ? output : error).WriteLineAsync(health.Sentence);
        return health.State == HealthState.Healthy ? ExitCode.Success : ExitCode.Failure;
    }
}
