using System.Net;
using System.Net.Sockets;

namespace McpQdrant.AppHost.Tests;

/// <summary>What a person reads where the application can't start.</summary>
public sealed class StartCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcpqdrant-");

    [Fact]
    public async Task Start_names_the_engines_that_are_missing_and_offers_the_embedded_store()
    {
        var error = await ErrorAsync(["--Parameters:qdrant-Key=test-key"], ("PATH", _folder.FullName));

        Assert.Equal(
            "Qdrant needs a container engine: docker isn't installed, and podman isn't installed. Start one, or keep the memories without a container: "
            + "dotnet run --project McpQdrant.AppHost -- --Store=embedded",
            error);
    }

    [Fact]
    public async Task Start_names_the_engine_that_was_chosen_and_does_not_answer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program that takes the engine's place is a shell script.");
        var podman = Path.Combine(_folder.FullName, "podman");
        await File.WriteAllTextAsync(podman, "#!/bin/sh\nexit 125\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(podman, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var error = await ErrorAsync(
            ["--Parameters:qdrant-Key=test-key"], ("PATH", _folder.FullName), ("DOTNET_ASPIRE_CONTAINER_RUNTIME", "podman"));

        Assert.StartsWith("Qdrant needs a container engine: podman doesn't answer. Start one,", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_refuses_an_engine_in_capitals()
    {
        var error = await ErrorAsync([], ("DOTNET_ASPIRE_CONTAINER_RUNTIME", "Podman"));

        Assert.StartsWith("DOTNET_ASPIRE_CONTAINER_RUNTIME is 'Podman', which is no container engine that Aspire knows.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_names_the_port_of_the_server_that_is_taken()
    {
        using var other = Listen(out var port);

        var error = await ErrorAsync(["--Store=embedded", $"--Port={port}"]);

        Assert.Equal($"Port {port}, which mcp-server needs, is taken. End what has it, or choose another port: -- --Port={port + 1}", error);
    }

    [Fact]
    public async Task Start_names_the_address_of_the_dashboard_that_is_taken()
    {
        using var other = Listen(out var port);

        var error = await ErrorAsync(
            ["--Store=embedded", $"--Port={AppHostProcess.FreePort()}"], ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", $"http://localhost:{port}"));

        Assert.StartsWith($"http://localhost:{port}, which the dashboard needs, is taken.", error, StringComparison.Ordinal);
        Assert.Contains("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", error, StringComparison.Ordinal);
    }

    private static async Task<string> ErrorAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        await using var appHost = AppHostProcess.Start(arguments, variables);

        var (exitCode, errors) = await appHost.WaitForExitAsync();

        Assert.Equal(1, exitCode);
        return errors.Trim();
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
