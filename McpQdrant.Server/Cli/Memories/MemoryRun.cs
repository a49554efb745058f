using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Cli.Remote;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli.Memories;

/// <summary>Runs use cases for whoever is at this machine, on the store or on a running server, and prints what came of it.</summary>
internal static class MemoryRun
{
    /// <param name="finish">Prints the result, and gives the exit code.</param>
    public static Task<int> RunAsync<TUseCase, TRequest, TResult>(
        ParseResult result, SettingValues settings, TRequest request, Func<TResult, int> finish, CancellationToken cancellationToken)
        where TUseCase : IUseCase<TRequest, TResult> =>
        RunAsync(result, settings, (memories, stopping) => memories.CallAsync<TUseCase, TRequest, TResult>(request, stopping), finish, cancellationToken);

    public static Task<int> RunAsync<T>(
        ParseResult result, SettingValues settings, Func<IMemoryCalls, CancellationToken, Task<T>> work, Func<T, int> finish, CancellationToken cancellationToken) =>
        ServerOptions.AddressOf(result) is { } address
            ? RunRemotelyAsync(result, address, work, finish, cancellationToken)
            : MaintenanceRun.RunAsync(result, settings, (services, _, stopping) => work(new LocalCalls(services), stopping), finish, cancellationToken);

    private static async Task<int> RunRemotelyAsync<T>(
        ParseResult result, Uri address, Func<IMemoryCalls, CancellationToken, Task<T>> work, Func<T, int> finish, CancellationToken cancellationToken)
    {
        await using var server = await RemoteServer.ConnectAsync(address, ServerOptions.KeyOf(result), cancellationToken);
        return finish(await work(new RemoteCalls(server), cancellationToken));
    }

    private sealed class LocalCalls(IServiceProvider services) : IMemoryCalls
    {
        public Task<TResult> CallAsync<TUseCase, TRequest, TResult>(TRequest request, CancellationToken cancellationToken)
            where TUseCase : IUseCase<TRequest, TResult> =>
            services.GetRequiredService<TUseCase>().HandleAsync(Caller.Local, request, cancellationToken);
    }
}

/// <summary>Whoever carries out what a command asks for.</summary>
internal interface IMemoryCalls
{
    /// <exception cref="MemoryException">It can't be done; the message says why.</exception>
    Task<TResult> CallAsync<TUseCase, TRequest, TResult>(TRequest request, CancellationToken cancellationToken)
        where TUseCase : IUseCase<TRequest, TResult>;
}
