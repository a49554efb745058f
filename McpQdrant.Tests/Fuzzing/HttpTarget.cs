using System.Net;
using System.Net.Http.Headers;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Mcp.Http;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>The whole server over HTTP, given bodies. It is a new one from time to time, since what is stored adds up.</summary>
internal sealed class HttpTarget : IAsyncDisposable
{
    private const int BodiesEach = 5_000;

    private static readonly HttpStatusCode[] Allowed = [HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.BadRequest];

    private AccessServer? _server;
    private int _bodies;

    public async Task JudgeAsync(byte[] body)
    {
        if (_server is null || _bodies++ % BodiesEach == 0)
        {
            await DisposeAsync();
            _server = await AccessServer.StartAsync(
                ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_RATE_LIMIT", "0"), ("QDRANT_ALLOW_ARBITRARY_FILTER", "true"), ("FASTMCP_LOG_LEVEL", "ERROR"));
        }

        _server.Log.Clear();
        MessageRights.Of(MessageText.Read(body));
        var (status, text) = await SendAsync(_server, body);

        Assert.Contains(status, Allowed);
        foreach (var message in Messages(text))
            JsonRpcAnswer.Check(message);
        if (status == HttpStatusCode.BadRequest)
            Assert.NotEmpty(text);
        Assert.DoesNotContain(_server.Log.Events, entry => entry.Level >= LogLevel.Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(AccessServer server, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Endpoint)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/json"), new MediaTypeWithQualityHeaderValue("text/event-stream") } },
        };
        using var response = await server.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static IEnumerable<string> Messages(string text) => text.StartsWith('{')
        ? [text]
        : text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..]);
}
