using System.Net;
using McpQdrant.Tests.Access;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Security;

/// <summary>Web pages that call a server on the reader's machine, across origins or by a name of their own that leads here.</summary>
public sealed class OriginAttackTests
{
    private static readonly string Body = Messages.Request(1, "tools/list");

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("null")]
    [InlineData("http://localhost.evil.example.com")]
    [InlineData("http://127.0.0.1.evil.example.com")]
    [InlineData("http://localhost@evil.example.com")]
    [InlineData("https://app.example.com.evil.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("http://app.example.com")]
    [InlineData("file://")]
    [InlineData("https://app.example.com, https://evil.example.com")]
    public async Task A_page_of_another_origin_is_refused(string origin)
    {
        await using var server = await AccessServer.StartAsync(("MCP_ALLOWED_ORIGINS", "https://app.example.com"));

        var answer = await server.SendAsync(Body, prepare: request => request.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Contains(server.Log.Audit, entry => (string?)entry.Values["Outcome"] == "refused: origin");
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("http://[::1]:3000")]
    [InlineData("https://app.example.com")]
    public async Task A_page_that_may_call_is_served_and_told_so(string origin)
    {
        await using var server = await AccessServer.StartAsync(("MCP_ALLOWED_ORIGINS", "https://app.example.com"));

        var answer = await server.SendAsync(Body, prepare: request => request.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(origin, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("evil.example.com")]
    [InlineData("evil.example.com:8000")]
    [InlineData("localhost.evil.example.com")]
    [InlineData("memory.example.com.evil.example.com")]
    [InlineData("127.0.0.1.nip.io")]
    public async Task A_rebound_name_is_refused_also_by_the_health_endpoint(string host)
    {
        await using var server = await AccessServer.StartAsync(("MCP_ALLOWED_HOSTS", "memory.example.com"));

        foreach (var path in (string[])["/mcp", "/health", "/.well-known/oauth-protected-resource"])
        {
            using var request = HttpServerProcess.Request(new Uri(server.Address, path), Body);
            request.Headers.Host = host;
            using var answer = await server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_name_that_is_its_own_is_served()
    {
        await using var server = await AccessServer.StartAsync(("MCP_ALLOWED_HOSTS", "memory.example.com"));

        var answer = await server.SendAsync(Body, prepare: request => request.Headers.Host = "memory.example.com:8443");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_forwarded_name_or_origin_counts_for_nothing()
    {
        await using var server = await AccessServer.StartAsync();

        var answer = await server.SendAsync(Body, prepare: request =>
        {
            request.Headers.Host = "evil.example.com";
            request.Headers.Add("X-Forwarded-Host", "localhost");
            request.Headers.Add("Forwarded", "host=localhost");
        });

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }
}
