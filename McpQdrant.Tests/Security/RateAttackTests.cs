using System.Net;
using System.Text;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Security;

/// <summary>More requests than one caller may make, under names and addresses that aren't its own.</summary>
public sealed class RateAttackTests : IDisposable
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Beyond_the_rate_a_caller_is_told_when_to_try_again_and_the_audit_that_it_was()
    {
        await using var server = await StartAsync(("MCP_RATE_LIMIT", "2"));

        var answers = new[] { await server.SendAsync(Ping), await server.SendAsync(Ping), await server.SendAsync(Ping) };

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers.Select(answer => answer.Status));
        Assert.Equal(TimeSpan.FromSeconds(10), answers[2].Headers.RetryAfter?.Delta);
        Assert.Equal("Too many requests. Try again in 10 seconds.", answers[2].Message.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("127.0.0.1 /mcp (null) refused: too many requests", Assert.Single(server.Log.AuditLog).Text);
    }

    /// <summary>Three servers behind one address let through as much as one: each its part, rounded up.</summary>
    [Theory]
    [InlineData("1", 4)]
    [InlineData("2", 2)]
    [InlineData("3", 2)]
    [InlineData("9", 1)]
    public async Task Servers_that_share_the_callers_let_through_their_part_each(string replicas, int expected)
    {
        await using var server = await StartAsync(("MCP_RATE_LIMIT", "4"), ("MCP_REPLICAS", replicas));

        var statuses = new List<HttpStatusCode>();
        for (var request = 0; request < 5; request++)
            statuses.Add((await server.SendAsync(Ping)).Status);

        Assert.Equal(expected, statuses.Count(status => status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task No_limit_stays_none_for_servers_that_share_the_callers()
    {
        await using var server = await StartAsync(("MCP_RATE_LIMIT", "0"), ("MCP_REPLICAS", "3"));

        for (var request = 0; request < 20; request++)
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(Ping)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/8,2001:db8::/32")]
    public async Task A_forged_address_is_not_believed_of_somebody_who_is_no_trusted_proxy(string proxies)
    {
        await using var server = await StartAsync(("MCP_RATE_LIMIT", "2"), ("MCP_TRUSTED_PROXIES", proxies));

        Assert.Equal(HttpStatusCode.OK, await FromAsync(server, "192.0.2.1"));
        Assert.Equal(HttpStatusCode.OK, await FromAsync(server, "192.0.2.2"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "192.0.2.3"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "10.0.0.1, 192.0.2.4"));
        Assert.StartsWith("127.0.0.1 ", server.Log.AuditLog.First().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variables_of_the_framework_do_not_make_it_believe_either()
    {
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?>
        {
            ["QDRANT_URL"] = ":memory:",
            ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel,
            ["MCP_RATE_LIMIT"] = "1",
            ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
        });

        Assert.Equal(HttpStatusCode.OK, await SendAsync("192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SendAsync("192.0.2.2"));

        async Task<HttpStatusCode> SendAsync(string address)
        {
            using var request = HttpServerProcess.Request(server.Address, Ping);
            request.Headers.Add("X-Forwarded-For", address);
            using var response = await server.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_trusted_proxy_tells_callers_apart_and_what_a_caller_put_before_it_does_not_count()
    {
        await using var server = await StartAsync(("MCP_RATE_LIMIT", "1"), ("MCP_TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8"));

        Assert.Equal(HttpStatusCode.OK, await FromAsync(server, "192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "192.0.2.1"));
        Assert.Equal(HttpStatusCode.OK, await FromAsync(server, "192.0.2.2"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "198.51.100.7, 192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "198.51.100.8, 192.0.2.1, 10.0.0.5"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "no address, 192.0.2.1"));
        Assert.Contains(server.Log.AuditLog, entry => entry.Text.StartsWith("192.0.2.1 ", StringComparison.Ordinal));
    }

    /// <summary>One machine has all of a /64 to choose from.</summary>
    [Fact]
    public async Task Another_address_of_the_same_network_is_the_same_caller()
    {
        await using var server = await StartAsync(("MCP_RATE_LIMIT", "1"), ("MCP_TRUSTED_PROXIES", "127.0.0.1"));

        Assert.Equal(HttpStatusCode.OK, await FromAsync(server, "2001:db8:0:1::1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "2001:db8:0:1:ffff::2"));
        Assert.Equal(HttpStatusCode.OK, await FromAsync(server, "2001:db8:0:2::1"));
        Assert.Equal(HttpStatusCode.OK, await FromAsync(server, "::ffff:192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await FromAsync(server, "192.0.2.1"));
    }

    [Fact]
    public async Task Callers_with_keys_are_limited_by_name_each_by_its_own_rate_wherever_they_call_from()
    {
        var ann = AccessServer.Entry("ann", ["*"], read: true);
        ann["rate"] = 2;
        var cleo = AccessServer.Entry("cleo", ["*"], read: true);
        cleo["rate"] = 0;
        var file = _folder.Write("access.json", AccessServer.File(ann, AccessServer.Entry("bob", ["*"], read: true), cleo));
        await using var server = await StartAsync(("MCP_ACCESS_FILE", file), ("MCP_RATE_LIMIT", "1"), ("MCP_TRUSTED_PROXIES", "127.0.0.1"));

        Assert.Equal("200 200 429 429", await StatusesAsync("ann", 4));
        Assert.Equal("200 429", await StatusesAsync("bob", 2));
        Assert.Equal("200 200 200 200 200", await StatusesAsync("cleo", 5));
        Assert.Contains(server.Log.AuditLog, entry => entry.Text == "ann /mcp (null) refused: too many requests");

        async Task<string> StatusesAsync(string caller, int count)
        {
            var statuses = new int[count];
            for (var i = 0; i < count; i++)
                statuses[i] = (int)await FromAsync(server, $"192.0.2.{i}", AccessServer.KeyOf(caller));
            return string.Join(' ', statuses);
        }
    }

    [Fact]
    public async Task Guessing_keys_is_limited_by_address()
    {
        await using var server = await StartAsync(("MCP_API_KEY", "the-key"), ("MCP_RATE_LIMIT", "2"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(Ping, "guess 1")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(Ping, "guess 2")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.SendAsync(Ping, "guess 3")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(Ping, "the-key")).Status);
    }

    [Fact]
    public async Task Beyond_those_that_are_served_and_those_that_wait_requests_are_refused()
    {
        await using var server = await StartAsync(("MCP_CONCURRENT_REQUESTS", "1"));
        using var slow = await RawHttp.ConnectAsync(server.Address);
        await slow.WriteAsync(Encoding.ASCII.GetBytes(RawHttp.Post("Host: localhost\r\nExpect: 100-continue\r\n", Ping)[..^Ping.Length]));
        Assert.Equal(100, (await slow.ReadAnswerAsync()).Status);   // it is being served: its body was asked for

        var others = new List<Task<HttpAnswer>> { server.SendAsync(Ping), server.SendAsync(Ping) };
        var refused = await Task.WhenAny(others);
        others.Remove(refused);
        await slow.WriteAsync(Encoding.ASCII.GetBytes(Ping));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await refused).Status);
        Assert.Equal(200, (await slow.ReadAnswerAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, (await Assert.Single(others)).Status);
    }

    [Fact]
    public async Task Health_is_not_refused_for_what_others_ask()
    {
        await using var server = await StartAsync(("MCP_RATE_LIMIT", "1"));
        await server.SendAsync(Ping);

        for (var i = 0; i < 3; i++)
            Assert.Equal("Healthy", await server.Client.GetStringAsync(new Uri(server.Address, "/alive")));
    }

    private static async Task<HttpStatusCode> FromAsync(AccessServer server, string address, string? key = null) =>
        (await server.SendAsync(Ping, key, request => request.Headers.TryAddWithoutValidation("X-Forwarded-For", address))).Status;

    private static Task<AccessServer> StartAsync(params (string Name, string Text)[] settings) =>
        AccessServer.StartAsync([("EMBEDDING_MODEL_PATH", Watched.TinyModel), .. settings]);
}
