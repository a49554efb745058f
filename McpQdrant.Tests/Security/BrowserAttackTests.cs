using System.Net;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Security;

/// <summary>A web page of somebody else that calls a server on its visitor's machine, which asks for no key.</summary>
public sealed class BrowserAttackTests : IAsyncLifetime
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private AccessServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AccessServer.StartAsync(
        ("EMBEDDING_MODEL_PATH", Watched.TinyModel),
        ("MCP_ALLOWED_ORIGINS", "https://app.example.com"),
        ("MCP_ALLOWED_HOSTS", "memory.example.com,*.inner.example.com,ported.example.com:8443"));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData("http://localhost@evil.example")]
    [InlineData("http://evil.example/http://localhost")]
    [InlineData("http://evil.example#@localhost")]
    [InlineData("file://localhost")]
    [InlineData("chrome-extension://localhost")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("http://localhost, https://evil.example")]
    public async Task A_page_of_another_origin_changes_nothing_and_reads_nothing(string origin)
    {
        var answer = await _server.SendAsync(Messages.Store(1, "planted"), prepare: request => request.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("127.0.0.1 /mcp (null) refused: origin", Assert.Single(_server.Log.AuditLog).Text);
        var found = await _server.CallAsync("qdrant-find", new() { ["query"] = "planted", ["collection_name"] = "notes" });
        Assert.StartsWith("There are no memories yet", found.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_origins_are_none()
    {
        var answer = await RawHttp.SendAsync(_server.Address, RawHttp.Post("Host: localhost\r\nOrigin: http://localhost\r\nOrigin: https://evil.example\r\n", Ping));

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task A_preflight_of_another_origin_is_not_granted()
    {
        var refused = await RawHttp.SendAsync(_server.Address, Preflight("https://evil.example"));
        var granted = await RawHttp.SendAsync(_server.Address, Preflight("https://app.example.com"));

        Assert.Equal(403, refused.Status);
        Assert.DoesNotContain("Access-Control", refused.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Access-Control-Allow-Origin: https://app.example.com", granted.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Access-Control-Allow-Credentials", granted.Text, StringComparison.OrdinalIgnoreCase);

        static string Preflight(string origin) =>
            $"OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\nContent-Length: 0\r\n\r\n";
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://[::1]:5173")]
    [InlineData("https://app.example.com")]
    public async Task A_page_of_this_machine_or_an_allowed_one_may_call(string origin)
    {
        var answer = await _server.SendAsync(Ping, prepare: request => request.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(origin, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    /// <summary>The page's own name was made to lead here, so that for the browser it is the same origin.</summary>
    [Theory]
    [InlineData("evil.example", "")]
    [InlineData("evil.example:8000", "Origin: http://evil.example:8000\r\n")]
    [InlineData("localhost.evil.example", "")]
    [InlineData("127.0.0.1.evil.example", "")]
    [InlineData("evil.example", "X-Forwarded-Host: localhost\r\n")]
    [InlineData("memory.example.com.evil.example", "")]
    [InlineData("inner.example.com", "")]
    [InlineData("evilinner.example.com", "")]
    [InlineData("ported.example.com", "")]
    [InlineData("ported.example.com:80", "")]
    public async Task A_name_that_was_rebound_is_not_ours(string host, string more)
    {
        var answer = await RawHttp.SendAsync(_server.Address, RawHttp.Post($"Host: {host}\r\n{more}", Ping));

        Assert.Equal(403, answer.Status);
        Assert.Equal("127.0.0.1 /mcp (null) refused: host", Assert.Single(_server.Log.AuditLog).Text);
    }

    [Fact]
    public async Task Health_is_no_way_around_the_check_of_names()
    {
        var answer = await RawHttp.SendAsync(_server.Address, "GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n");

        Assert.Equal(403, answer.Status);
    }

    [Theory]
    [InlineData("POST http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 400)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n", 400)]
    [InlineData("POST /mcp HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400)]
    [InlineData("POST /mcp HTTP/1.0\r\nContent-Length: 0\r\n\r\n", 403)]
    public async Task Two_names_and_none_are_refused(string request, int status) =>
        Assert.Equal(status, (await RawHttp.SendAsync(_server.Address, request)).Status);

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:9999")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("192.168.1.5:8000")]
    [InlineData("memory.example.com")]
    [InlineData("a.inner.example.com")]
    [InlineData("ported.example.com:8443")]
    public async Task Names_of_this_machine_numbers_and_allowed_names_are_ours(string host) =>
        Assert.Equal(200, (await RawHttp.SendAsync(_server.Address, RawHttp.Post($"Host: {host}\r\n", Ping))).Status);
}
