using System.Text;
using McpQdrant.Tests.Security;
using McpQdrant.Tests.Server.Rest;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>The whole server with the REST API and the Explorer, given requests: a method and an address in the first line, the body after it. It is a new one from time to time.</summary>
/// <param name="key">What it asks for, and no request has, so that signing in is what can be tried; null for nothing.</param>
internal sealed class RestTarget(string? key = null) : IAsyncDisposable
{
    private const int RequestsEach = 5_000;

    private RestServer? _rest;
    private int _requests;

    public async Task JudgeAsync(byte[] input)
    {
        if (_rest is null || _requests++ % RequestsEach == 0)
        {
            await DisposeAsync();
            (string, string)[] settings = [("FASTMCP_LOG_LEVEL", "ERROR"), ("MCP_EXPLORER", "true"), .. key is null ? [] : new[] { ("MCP_API_KEY", key) }];
            _rest = await RestServer.StartAsync(isQdrant: false, settings);
            await _rest.DoAsync("POST", "/collections/notes/memories", """{"text": "The key rotates on fridays.", "metadata": {"kind": "fact"}}""", key);
        }

        _rest.Server.Log.Clear();
        using var connection = await RawHttp.ConnectAsync(_rest.Server.Address);
        await connection.WriteAsync(Request(input));
        var answer = await connection.ReadAnswerAsync();

        Assert.InRange(answer.Status, 200, 499);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_rest.Server.Log.Events, entry => entry.Level >= LogLevel.Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rest is not null)
            await _rest.DisposeAsync();
    }

    private static byte[] Request(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n') is var at and >= 0 ? at : input.Length;
        byte[] line = [.. input[..end].Where(sign => sign != '\r')];
        var body = input[Math.Min(end + 1, input.Length)..];
        return
        [
            .. line,
            .. Encoding.ASCII.GetBytes($" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{(body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n" : "")}\r\n"),
            .. body,
        ];
    }
}
