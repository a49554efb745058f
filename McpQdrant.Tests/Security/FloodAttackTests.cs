using System.Net;
using System.Net.Sockets;
using System.Text;
using McpQdrant.Tests.Access;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Security;

/// <summary>Too much, too many, too slow, too deep.</summary>
public sealed class FloodAttackTests
{
    private static readonly string Body = Messages.Request(1, "tools/list");

    [Fact]
    public async Task A_forged_address_does_not_escape_the_limit()
    {
        await using var server = await AccessServer.StartAsync(("MCP_RATE_LIMIT", "5"));

        var answers = await ForwardedAsync(server, count: 8);

        Assert.Equal(3, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        Assert.NotNull(answers[^1].Headers.RetryAfter);
    }

    [Fact]
    public async Task A_trusted_proxy_is_believed_and_what_its_clients_forge_is_not()
    {
        await using var server = await AccessServer.StartAsync(("MCP_RATE_LIMIT", "5"), ("MCP_TRUSTED_PROXIES", "127.0.0.0/8"));

        var different = await ForwardedAsync(server, count: 8);
        var forged = new List<HttpAnswer>();
        for (var i = 0; i < 8; i++)
            forged.Add(await server.SendAsync(Body, prepare: request => request.Headers.Add("X-Forwarded-For", $"203.0.113.{i}, 198.51.100.7")));

        Assert.All(different, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(3, forged.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_100_megabytes_is_refused_before_it_is_read(bool saysItsLength)
    {
        await using var server = await AccessServer.StartAsync();
        using var body = new Endless(100 * 1024 * 1024, saysItsLength);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Endpoint) { Content = body };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.ExpectContinue = saysItsLength;

        HttpStatusCode? status = null;
        try
        {
            using var answer = await server.Client.SendAsync(request);
            status = answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The server closed the connection while the rest was still being sent.
        }

        Assert.True(status is null or HttpStatusCode.RequestEntityTooLarge, $"{status}");
        Assert.True(body.Sent < body.Size, "all of it was taken");
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(Body)).Status);
    }

    [Fact]
    public async Task A_slow_body_is_given_up()
    {
        await using var server = await AccessServer.StartAsync(("MCP_BODY_TIMEOUT", "1s"));

        var answer = await RawAsync(server, "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"json");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("did not arrive within 1 seconds", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_headers_are_refused()
    {
        await using var server = await AccessServer.StartAsync();
        var headers = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: y\r\n"));

        var answer = await RawAsync(server, $"POST /mcp HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qdrant-store","arguments":{"information":"x","collection_name":"notes","metadata":{"deep":DEEP}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qdrant-find","arguments":{"query":"x","collection_name":"notes","query_filter":{"must":DEEP}}}}""")]
    [InlineData("DEEP")]
    public async Task Deep_json_is_refused_and_the_server_serves_on(string message)
    {
        await using var server = await AccessServer.StartAsync();

        foreach (var depth in (int[])[70, 200, 100_000])
        {
            var answer = await server.SendAsync(message.Replace("DEEP", new string('[', depth) + new string(']', depth), StringComparison.Ordinal));
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{depth}: {answer.Status}");
        }

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(Body)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"tools/list\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"\\ud800\"}}")]
    public async Task What_is_no_message_is_refused_without_a_stack(string body)
    {
        await using var server = await AccessServer.StartAsync();

        var answer = await server.SendAsync(body);

        Assert.True((int)answer.Status < 500 || answer.Body.Contains("jsonrpc", StringComparison.Ordinal), $"{answer.Status}: {answer.Body}");
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_at_once_of_one_caller_are_bounded_and_the_others_are_served()
    {
        await using var server = await AccessServer.StartAsync(("MCP_CONCURRENT_REQUESTS", "2"), ("MCP_BODY_TIMEOUT", "2s"), ("MCP_TRUSTED_PROXIES", "127.0.0.0/8"));

        // Each holds a place until its body comes, which it doesn't.
        var hanging = Enumerable.Range(0, 10).Select(_ => RawAsync(
            server, "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nX-Forwarded-For: 203.0.113.1\r\nConnection: close\r\n\r\n{")).ToArray();
        var refused = await Task.WhenAny(hanging);
        var other = await server.SendAsync(Body, prepare: request => request.Headers.Add("X-Forwarded-For", "203.0.113.2"));

        Assert.StartsWith("HTTP/1.1 429", await refused, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.Contains(await Task.WhenAll(hanging), answer => answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
    }

    private static async Task<List<HttpAnswer>> ForwardedAsync(AccessServer server, int count)
    {
        var answers = new List<HttpAnswer>();
        for (var i = 0; i < count; i++)
            answers.Add(await server.SendAsync(Body, prepare: request => request.Headers.Add("X-Forwarded-For", $"203.0.113.{i}")));
        return answers;
    }

    /// <summary>Sends bytes as they are, and reads until the server has said all or closes.</summary>
    private static async Task<string> RawAsync(AccessServer server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await using var stream = client.GetStream();
        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        }
        catch (IOException)
        {
            // Refused before all was sent; the answer is there all the same.
        }

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) is > 0 and var read)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (answer.ToString().Contains("\"}}", StringComparison.Ordinal))
                    break;
            }
        }
        catch (IOException)
        {
            // Reset, after what it had to say.
        }
        return answer.ToString();
    }

    /// <summary>A body that counts what was taken of it.</summary>
    private sealed class Endless(long size, bool saysItsLength) : HttpContent
    {
        public long Size => size;

        public long Sent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[64 * 1024];
            for (; Sent < size; Sent += block.Length)
                await stream.WriteAsync(block);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return saysItsLength;
        }
    }
}
