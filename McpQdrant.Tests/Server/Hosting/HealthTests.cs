using System.Net;
using System.Runtime.InteropServices;
using McpQdrant.Tests.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Server.Hosting;

/// <summary>What a platform learns of the real server.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Server_with_its_own_store_is_ready()
    {
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = ":memory:" });

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(server, "/health"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(server, "/alive"));
    }

    [Fact]
    public async Task Server_is_not_ready_while_Qdrant_is_away_and_says_why_in_its_log()
    {
        var qdrant = await StartQdrantAsync("http://127.0.0.1:0");
        var address = qdrant.Urls.Single();
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_URL"] = address, ["QDRANT_TIMEOUT"] = "1s" });

        await WaitUntilReadyIsAsync(server, HttpStatusCode.OK);
        await qdrant.DisposeAsync();
        await WaitUntilReadyIsAsync(server, HttpStatusCode.ServiceUnavailable);
        var alive = await AskAsync(server, "/alive");
        qdrant = await StartQdrantAsync(address);
        await WaitUntilReadyIsAsync(server, HttpStatusCode.OK);
        await qdrant.DisposeAsync();
        server.Process.Signal(PosixSignal.SIGTERM);
        await server.Process.WaitForExitAsync();   // all of its log is here then

        Assert.Equal((HttpStatusCode.OK, "Healthy"), alive);
        Assert.Contains("The store doesn't work", server.Process.Errors, StringComparison.Ordinal);
        Assert.Contains("The store works again", server.Process.Errors, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>As much of a Qdrant as a question for health needs.</summary>
    private static async Task<WebApplication> StartQdrantAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var qdrant = builder.Build();
        qdrant.MapFallback(() => Results.Text("""{"result":{"collections":[]},"status":"ok","time":0}""", "application/json"));
        await qdrant.StartAsync(Token);
        return qdrant;
    }

    private static async Task WaitUntilReadyIsAsync(HttpServerProcess server, HttpStatusCode expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(ServerProcess.Patience);
        while ((await AskAsync(server, "/health")).Status != expected)
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpServerProcess server, string path)
    {
        using var response = await server.Client.GetAsync(new Uri(server.Address, path), Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
