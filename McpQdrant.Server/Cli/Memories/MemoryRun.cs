using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli.Memories;

/// <summary>Runs one use case for whoever is at this machine, and prints what came of it.</summary>
internal static class MemoryRun
{
    /// <param name="finish">Prints the result, and gives the exit code.</param>
    public static Task<int> RunAsync<TUseCase, TRequest, TResult>(
        ParseResult result, SettingValues settings, TRequest request, Func<TResult, int> finish, CancellationToken cancellationToken)
        where TUseCase : IUseCase<TRequest, TResult> =>
        MaintenanceRun.RunAsync(
            result, settings, (services, _, stopping) => services.GetRequiredService<TUseCase>().HandleAsync(Caller.Local, request, stopping), finish, cancellationToken);
}
