using System.Net;
using System.Runtime.InteropServices;

namespace McpQdrant.Tests.Protocol;

/// <summary>What a load balancer sees of a server that was told to stop: that it is going, and no failed request.</summary>
public sealed class ShutdownDelayTests
{
    [Fact]
    public async Task A_server_that_was_told_to_stop_says_so_and_serves_until_its_time_is_up()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM.");
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["MCP_SHUTDOWN_DELAY"] = "3s", ["QDRANT_LOCAL_PATH"] = ":memory:" });
        var health = new Uri(server.Address, "/health");
        await UntilAsync(async () => (await GetAsync(server, health)).Status == HttpStatusCode.OK);

        server.Process.Signal(PosixSignal.SIGTERM);
        await UntilAsync(async () => (await GetAsync(server, health)).Status == HttpStatusCode.ServiceUnavailable);
        var stored = await server.CallAsync(Messages.Store(1, "stored while it goes"));
        var (_, closes) = await GetAsync(server, health);

        Assert.True(stored.Structured().GetProperty("created").GetBoolean());
        Assert.True(closes);
        Assert.Equal(0, await server.Process.WaitForExitAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, health));
    }

    private static async Task<(HttpStatusCode Status, bool ClosesConnection)> GetAsync(HttpServerProcess server, Uri address)
    {
        using var answer = await server.Client.GetAsync(address);
        return (answer.StatusCode, answer.Headers.ConnectionClose == true);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }
}
