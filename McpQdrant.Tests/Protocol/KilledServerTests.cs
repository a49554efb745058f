using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace McpQdrant.Tests.Protocol;

/// <summary>The server under load, killed again and again over one folder.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const int Writers = 4;

    /// <summary>More with <c>KILLS=50</c>.</summary>
    private static readonly int Kills = int.Parse(System.Environment.GetEnvironmentVariable("KILLS") ?? "8", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<string> _acknowledged = [];

    private Dictionary<string, string?> Environment => new() { ["QDRANT_LOCAL_PATH"] = _folder.Path };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kills_lose_nothing_acknowledged_and_health_is_right_each_time()
    {
        for (var kill = 1; kill <= Kills; kill++)
        {
            await KillUnderLoadAsync(kill);
            await ExamineAsync();
        }

        await using var server = await HttpServerProcess.StartAsync(Environment);
        foreach (var id in _acknowledged)
        {
            var read = await server.CallAsync(Messages.Request(1, "resources/read", new() { ["uri"] = $"memory://notes/{id}" }));
            Assert.True(read.TryGetProperty("result", out _), $"{id} was acknowledged and is not there: {read}");
        }
    }

    private async Task KillUnderLoadAsync(int kill)
    {
        await using var server = await HttpServerProcess.StartAsync(Environment);
        var health = new Uri(server.Address, "/health");
        await UntilAsync(async () => await HealthAsync(server, health) == HttpStatusCode.OK);

        var before = _acknowledged.Count;
        var writing = Enumerable.Range(0, Writers).Select(writer => WriteAsync(server, kill, writer)).ToArray();
        await UntilAsync(() => Task.FromResult(_acknowledged.Count >= before + Writers));
        server.Process.Kill();

        await Task.WhenAll(writing);
        Assert.Null(await HealthAsync(server, health));
    }

    /// <summary>What the killed one left is whole.</summary>
    private async Task ExamineAsync()
    {
        await using var doctor = ServerProcess.Start(["doctor", "--transport", "stdio"], Environment);
        var report = string.Join('\n', await doctor.ReadToEndAsync());
        Assert.True(await doctor.WaitForExitAsync() == 0, report);
    }

    /// <summary>Stores until the server is gone.</summary>
    private async Task WriteAsync(HttpServerProcess server, int kill, int writer)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var reply = await server.CallAsync(Messages.Store(i, $"kill {kill} writer {writer} memory {i}"));
                _acknowledged.Add(reply.Structured().GetProperty("id").GetString()!);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Killed.
        }
    }

    /// <returns>Null where nobody answers.</returns>
    private static async Task<HttpStatusCode?> HealthAsync(HttpServerProcess server, Uri health)
    {
        try
        {
            using var answer = await server.Client.GetAsync(health);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
    }
}
