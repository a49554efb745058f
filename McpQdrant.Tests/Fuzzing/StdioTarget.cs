using System.Text;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Mcp.Stdio;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Configuration;
using McpQdrant.Tests.Server.Observability;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>Sessions over standard input and output, each with some lines, of which the last must be answered.</summary>
internal sealed class StdioTarget : IAsyncDisposable
{
    private const int SessionsEach = 5_000;

    /// <summary>So few that some lines are too long.</summary>
    private const int MaxLineBytes = 2_000;

    private const string Last = "the last one";

    private static readonly byte[] Opening = Encoding.UTF8.GetBytes($"{Messages.Initialize()}\n{Messages.Initialized}\n");

    private static readonly byte[] Closing = Encoding.UTF8.GetBytes($$"""{{"\n"}}{"jsonrpc":"2.0","id":"{{Last}}","method":"ping"}{{"\n"}}""");

    private readonly LogCapture _log = new();
    private IHost? _host;
    private int _sessions;

    public async Task JudgeAsync(byte[] lines)
    {
        if (_host is null || _sessions++ % SessionsEach == 0)
        {
            await DisposeAsync();
            _host = await StartAsync();
        }

        _log.Clear();
        using var output = new MemoryStream();
        await StdioServer.RunAsync(
            _host.Services, new MemoryStream([.. Opening, .. lines, .. Closing]), output,
            new StdioOptions { MaxLineBytes = MaxLineBytes, DrainTimeout = TimeSpan.FromSeconds(10) }, CancellationToken.None);

        var answers = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JsonRpcAnswer.Check).ToArray();
        Assert.Contains(answers, answer => answer.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && id.ValueEquals(Last) && answer.TryGetProperty("result", out _));
        Assert.DoesNotContain(_log.Events, entry => entry.Level >= LogLevel.Error || entry.Name == "GaveUp");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is null)
            return;
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddProvider(_log).AddFilter("ModelContextProtocol", LogLevel.Critical);
        builder.Services.AddMemoryServer(
            Load.Environment(("QDRANT_LOCAL_PATH", ":memory:"), ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("QDRANT_ALLOW_ARBITRARY_FILTER", "true")), Caller.Local);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
