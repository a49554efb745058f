namespace McpQdrant.AppHost.Tests;

/// <summary>The application without any container: dashboard, server and the embedded store, as a process of its own.</summary>
public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcpqdrant-");

    [Fact]
    public async Task Application_without_a_container_says_where_it_is_remembers_and_ends_on_SIGTERM()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var data = _folder.CreateSubdirectory("data");
        var port = AppHostProcess.FreePort();
        await using var appHost = AppHostProcess.Start(
            ["--Store=embedded", $"--Port={port}"],
            ("QDRANT_LOCAL_PATH", data.FullName),
            ("QDRANT_URL", "http://127.0.0.1:1"), // Of the developer, for another purpose.
            ("PATH", PathWithDotnetAlone()));

        var lines = await appHost.ReadToAsync("Ctrl-C");
        var dashboard = lines.Single(line => line.StartsWith("Dashboard", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.StartsWith("Dashboard", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith($"MCP address  http://127.0.0.1:{port}/mcp", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"\"url\": \"http://127.0.0.1:{port}/mcp\"", StringComparison.Ordinal));
        using var limit = new CancellationTokenSource(AppHostProcess.Timeout);
        await client.WaitForAnswerAsync("/health", limit.Token);
        await using (var agent = await McpCalls.ConnectAsync($"http://127.0.0.1:{port}/mcp", limit.Token))
            await agent.StoreAndFindAsync(limit.Token);
        Assert.NotEmpty(data.GetFileSystemInfos());
        using var browser = new HttpClient(); // With cookies, so that the link in the first line logs it in.
        Assert.Equal("/", (await browser.WaitForAnswerAsync(dashboard, limit.Token)).AbsolutePath); // Without a valid token it would be /login.

        await appHost.SignalAsync("TERM");

        Assert.Equal(0, (await appHost.WaitForExitAsync()).ExitCode);
        await RefusesAsync(client);
    }

    private static async Task RefusesAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(AppHostProcess.Timeout);
        while (true)
        {
            try
            {
                using var response = await client.GetAsync("/health", timeout.Token);
            }
            catch (HttpRequestException)
            {
                return;
            }

            await Task.Delay(100, timeout.Token);
        }
    }

    /// <summary>A PATH with nothing but dotnet: no container engine can be used by accident.</summary>
    private string PathWithDotnetAlone()
    {
        var folder = _folder.CreateSubdirectory("path");
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "dotnet"), ProgramOnPath.Find("dotnet")!);
        return folder.FullName;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
