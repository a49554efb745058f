using System.Diagnostics;
using System.Net;
using System.Text;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Security;

/// <summary>Requests that are too long, too slow, too deep, or broken. After each the server serves the next one.</summary>
public sealed class RequestAttackTests : IAsyncLifetime
{
    private const int MaxRequestBytes = 128 * 1024;

    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private const string Host = "Host: localhost\r\n";

    private AccessServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AccessServer.StartAsync(
        ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_MAX_REQUEST_BYTES", $"{MaxRequestBytes}"), ("MCP_BODY_TIMEOUT", "1s"));

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.SendAsync(Ping)).Status);
        Assert.All(_server.Log.Events, entry => Assert.True(entry.Level < Microsoft.Extensions.Logging.LogLevel.Error, entry.Text));
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_body_that_says_it_has_100_MB_is_refused_before_it_comes()
    {
        using var raw = await RawHttp.ConnectAsync(_server.Address);
        await raw.WriteAsync(Encoding.ASCII.GetBytes($"POST /mcp HTTP/1.1\r\n{Host}Content-Type: application/json\r\nContent-Length: 104857600\r\n\r\n"));

        var answer = await raw.ReadAnswerAsync();

        Assert.Equal(413, answer.Status);
        Assert.Contains($"The request is longer than {MaxRequestBytes} bytes. Send a shorter one, or raise MCP_MAX_REQUEST_BYTES.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_100_MB_that_does_not_say_so_is_refused_when_it_is_too_long()
    {
        using var raw = await RawHttp.ConnectAsync(_server.Address);
        await raw.WriteAsync(Encoding.ASCII.GetBytes($"POST /mcp HTTP/1.1\r\n{Host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var chunk = Encoding.ASCII.GetBytes($"100000\r\n{new string('x', 0x100000)}\r\n");
        var answer = raw.ReadAnswerAsync();

        var sent = 0;
        while (sent < 100 && await raw.WriteAsync(chunk))
            sent++;

        Assert.Equal(413, (await answer).Status);
        Assert.True(sent < 100, "The server took all of it.");
    }

    [Fact]
    public async Task A_body_of_100_MB_is_not_read_for_somebody_unknown()
    {
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", "the-key"));
        using var raw = await RawHttp.ConnectAsync(server.Address);
        await raw.WriteAsync(Encoding.ASCII.GetBytes($"POST /mcp HTTP/1.1\r\n{Host}Content-Length: 16777216\r\nExpect: 100-continue\r\n\r\n"));

        var answer = await raw.ReadAnswerAsync();

        Assert.Equal(401, answer.Status);   // without "100 Continue" before
    }

    [Fact]
    public async Task A_body_that_comes_a_byte_at_a_time_is_given_up_after_its_time()
    {
        using var raw = await RawHttp.ConnectAsync(_server.Address);
        var watch = Stopwatch.StartNew();
        await raw.WriteAsync(Encoding.ASCII.GetBytes(RawHttp.Post(Host, new string(' ', 10_000))[..^10_000]));
        var answer = raw.ReadAnswerAsync();

        while (!answer.IsCompleted && await raw.WriteAsync(" "u8.ToArray()))
            await Task.Delay(TimeSpan.FromMilliseconds(20));

        Assert.Equal(408, (await answer).Status);
        Assert.Contains("The request did not arrive within 1 seconds.", (await answer).Text, StringComparison.Ordinal);
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.9), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(200)]
    public async Task Too_many_headers_are_refused_however_short(int count)
    {
        var many = string.Concat(Enumerable.Range(0, count).Select(number => $"X-{number}: x\r\n"));

        var answer = await RawHttp.SendAsync(_server.Address, RawHttp.Post($"{Host}{many}", Ping));

        Assert.Equal(431, answer.Status);
    }

    [Fact]
    public async Task A_header_that_is_too_long_and_too_long_an_address_are_refused()
    {
        var header = await RawHttp.SendAsync(_server.Address, RawHttp.Post($"{Host}X-Long: {new string('x', 40_000)}\r\n", Ping));
        var address = await RawHttp.SendAsync(_server.Address, RawHttp.Post(Host, Ping, $"/mcp?{new string('x', 100_000)}"));

        Assert.Equal((431, 414), (header.Status, address.Status));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("""{"a":""", "}")]
    public async Task JSON_ten_thousand_levels_deep_is_refused(string open, string close)
    {
        var deep = $"{Repeat(open, 10_000)}1{Repeat(close, 10_000)}";
        string[] messages =
        [
            deep,
            Messages.Store(1, "x", metadata: "DEEP").Replace("\"DEEP\"", deep, StringComparison.Ordinal),
            $$"""{"jsonrpc":"2.0","id":{{deep}},"method":"ping"}""",
        ];

        foreach (var message in messages)
        {
            var answer = await _server.SendAsync(message);

            Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{answer.Status} {answer.Body}");
            Assert.True(answer.Message.TryGetProperty("error", out _), answer.Body);
        }

        static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
    }

    [Fact]
    public async Task Metadata_and_filters_deep_in_a_text_are_refused_in_a_sentence()
    {
        var deep = $"{{\"a\":{new string('[', 20_000)}{new string(']', 20_000)}}}";

        var stored = await _server.CallAsync("qdrant-store", new() { ["information"] = "x", ["collection_name"] = "notes", ["metadata"] = deep });
        var forgotten = await _server.CallAsync("qdrant-forget", new() { ["filter"] = deep, ["collection_name"] = "notes" });

        Assert.All([stored, forgotten], reply =>
        {
            Assert.True(reply.Result().GetProperty("isError").GetBoolean());
            Assert.DoesNotContain("fault of the server", reply.Text(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"\\ud800\":1,\"method\":\"ping\"")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1e400,\"method\":\"ping\"}")]
    public async Task A_body_that_is_no_message_gets_an_error_of_the_protocol(string body)
    {
        var answer = await _server.SendAsync(body);

        Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{answer.Status} {answer.Body}");
        Assert.True(answer.Message.TryGetProperty("error", out _), answer.Body);
    }

    /// <summary>Where two servers in a row disagree about where a request ends, the second half of one could pass for another's.</summary>
    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Content-Length: 4\r\nContent-Length: 40\r\n")]
    [InlineData("Content-Length: -1\r\n")]
    [InlineData("Transfer-Encoding: gzip\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n")]
    [InlineData("Content-Length: 4\r\n X: folded\r\n")]
    public async Task A_request_of_two_lengths_is_not_served(string lengths)
    {
        using var raw = await RawHttp.ConnectAsync(_server.Address);
        await raw.WriteAsync(Encoding.ASCII.GetBytes($"POST /mcp HTTP/1.1\r\n{Host}{lengths}\r\n0\r\n\r\nGET /alive HTTP/1.1\r\n{Host}\r\n"));

        var (first, second) = (await raw.ReadAnswerAsync(), await raw.ReadAnswerAsync());

        Assert.NotEqual(200, first.Status);
        Assert.Equal(0, second.Status);
    }
}
