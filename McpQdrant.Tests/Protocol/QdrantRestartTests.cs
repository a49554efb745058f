using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using McpQdrant.Tests.Containers;

namespace McpQdrant.Tests.Protocol;

/// <summary>Server and Qdrant as processes: what was acknowledged survives the end of Qdrant's, and the server serves on after it.</summary>
public sealed class QdrantRestartTests : IDisposable
{
    private const int Writers = 8;
    private const int StoresEach = 30;

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private Process? _qdrant;

    public void Dispose()
    {
        _qdrant?.Kill();
        _qdrant?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Killing_and_restarting_qdrant_under_eight_writers_loses_nothing_acknowledged()
    {
        await StartQdrantAsync();
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_URL"] = $"http://127.0.0.1:{_port}", ["QDRANT_TIMEOUT"] = "2s" });
        var acknowledged = new ConcurrentBag<string>();
        var refused = new ConcurrentBag<string>();

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(server, writer, acknowledged, refused)));
        await UntilAsync(() => acknowledged.Count >= Writers);
        _qdrant!.Kill();
        await UntilAsync(() => refused.Count >= Writers);
        await StartQdrantAsync();
        await writing;

        var after = await server.CallAsync(Messages.Store(1, "after the restart"));
        Assert.True(after.Structured().GetProperty("created").GetBoolean());
        Assert.All(refused, sentence => Assert.Contains("Qdrant", sentence, StringComparison.Ordinal));
        foreach (var id in acknowledged)
        {
            var read = await server.CallAsync(Messages.Request(2, "resources/read", new() { ["uri"] = $"memory://notes/{id}" }));
            Assert.True(read.TryGetProperty("result", out _), $"{id} was acknowledged and is not there: {read}");
        }
    }

    /// <summary>Stores until enough was acknowledged; what was refused is left out, as an agent would that was told so.</summary>
    private static async Task WriteAsync(HttpServerProcess server, int writer, ConcurrentBag<string> acknowledged, ConcurrentBag<string> refused)
    {
        for (var i = 0; i < StoresEach; i++)
        {
            var reply = await server.CallAsync(Messages.Store(i, $"writer {writer} memory {i}"));
            if (reply.Result().TryGetProperty("structuredContent", out var stored))
                acknowledged.Add(stored.GetProperty("id").GetString()!);
            else
                refused.Add(reply.Text());
        }
    }

    private async Task StartQdrantAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "McpQdrant.Tests"), QdrantStandInHost.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[QdrantStandInHost.UrlVariable] = $"http://127.0.0.1:{_port}";
        start.Environment[QdrantStandInHost.StorageVariable] = _folder.File("stand-in.jsonl");
        _qdrant = Process.Start(start)!;

        using var client = new HttpClient();
        await UntilAsync(async () =>
        {
            try
            {
                return (await client.GetAsync(new Uri($"http://127.0.0.1:{_port}/"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
