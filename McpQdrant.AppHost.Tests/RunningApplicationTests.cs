namespace McpQdrant.AppHost.Tests;

/// <summary>
/// The whole application with its dashboard and a Qdrant of its own, on a volume that goes with the test. Needs a running Docker or Podman,
/// so it runs only with <c>--explicit on</c>.
/// </summary>
public sealed class RunningApplicationTests : IAsyncDisposable
{
    /// <summary>Enough to pull Qdrant's image over a slow line.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(8);

    private readonly string _volume = $"mcpqdrant-test-{Guid.NewGuid():N}";
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public RunningApplicationTests() => _limit.CancelAfter(Timeout);

    [Fact(Explicit = true)]
    public async Task Application_remembers_over_a_Qdrant_that_is_killed_and_started_again()
    {
        await using var appHost = await AppHost.CreateAsync($"--Volume={_volume}");
        await using var app = await appHost.BuildAsync(_limit.Token);

        await app.StartAsync(_limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("mcp-server", _limit.Token);
        await using var client = await McpCalls.ConnectAsync(new Uri(app.GetEndpoint("mcp-server", "http"), "/mcp").ToString(), _limit.Token);
        await client.StoreAndFindAsync(_limit.Token);

        // As a crash would: by the engine, not by Aspire.
        await Engine.RunAsync("kill", await ContainerOfQdrantAsync());
        await app.ResourceNotifications.WaitForResourceAsync("qdrant", KnownResourceStates.TerminalStates, _limit.Token);
        var refused = await client.AskAsync(_limit.Token);
        Assert.True(refused.IsError);
        Assert.Contains("Qdrant", refused.AllText(), StringComparison.Ordinal);

        var started = await app.ResourceCommands.ExecuteCommandAsync("qdrant", KnownResourceCommands.StartCommand, _limit.Token);
        Assert.True(started.Success, started.Message);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("qdrant", _limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("mcp-server", _limit.Token);
        await client.FindAsync(_limit.Token);
        await app.StopAsync(_limit.Token);
    }

    [Fact(Explicit = true)]
    public async Task Application_shows_its_dashboard_and_ends_on_a_signal_with_all_containers_and_the_next_one_has_its_memories()
    {
        await using var first = await StartAsync();
        await using (var client = await McpCalls.ConnectAsync(first.Address, _limit.Token))
            await client.StoreAndFindAsync(_limit.Token);
        Assert.NotEmpty(await ContainerOfQdrantAsync());
        using var browser = new HttpClient(); // With cookies, so that the link logs it in.
        Assert.Equal("/", (await browser.WaitForAnswerAsync(first.Dashboard, _limit.Token)).AbsolutePath);
        await Screenshot.TakeAsync(first.Dashboard, "mcp-server", _limit.Token);

        await first.AppHost.SignalAsync("INT"); // Ctrl-C.
        await EndedAsync(first.AppHost);

        await using var second = await StartAsync();
        await using (var client = await McpCalls.ConnectAsync(second.Address, _limit.Token))
            await client.FindAsync(_limit.Token);

        await second.AppHost.SignalAsync("TERM");
        await EndedAsync(second.AppHost);
        Assert.Equal(_volume, await Engine.RunAsync("volume", "ls", "--quiet", "--filter", $"name={_volume}"));
    }

    /// <summary>As people start it, with the address that it prints.</summary>
    private async Task<Started> StartAsync()
    {
        var appHost = AppHostProcess.Start(["--Parameters:qdrant-Key=test-key", $"--Volume={_volume}", $"--Port={AppHostProcess.FreePort()}"]);
        var lines = await appHost.ReadToAsync("Ctrl-C");
        var address = Link("MCP address");
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        await http.WaitForAnswerAsync("/health", _limit.Token);
        return new Started(appHost, address, Link("Dashboard"));

        string Link(string name) => lines.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Split(',')[0].Trim();
    }

    private async Task EndedAsync(AppHostProcess appHost)
    {
        Assert.Equal(0, (await appHost.WaitForExitAsync()).ExitCode);
        // The orchestrator ends the containers, and may do so after the AppHost is gone.
        while (await ContainerOfQdrantAsync() is { Length: > 0 })
            await Task.Delay(100, _limit.Token);
    }

    /// <returns>Its id; empty where there is none.</returns>
    private Task<string> ContainerOfQdrantAsync() => Engine.RunAsync("ps", "--all", "--quiet", "--filter", $"volume={_volume}");

    public async ValueTask DisposeAsync()
    {
        if (await Engine.RunAsync("volume", "ls", "--quiet", "--filter", $"name={_volume}") is { Length: > 0 })
            await Engine.RunAsync("volume", "rm", "--force", _volume);
        _limit.Dispose();
    }

    private sealed record Started(AppHostProcess AppHost, string Address, string Dashboard) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => AppHost.DisposeAsync();
    }
}
