using System.Collections;
using System.Net;
using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Security;

/// <summary>Keys where they don't belong, keys that are nearly right, and keys that were taken away.</summary>
public sealed class CredentialAttackTests : IAsyncLifetime
{
    private const string Key = "the-one-key-0123456789";

    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private readonly TemporaryFolder _folder = new();
    private AccessServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        Allow(AccessServer.Entry("ann", ["*"], read: true), AccessServer.Entry("bob", ["*"], read: true));
        _server = await AccessServer.StartAsync(
            ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_API_KEY", Key), ("MCP_ACCESS_FILE", _folder.File("access.json")));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData($"/mcp?api_key={Key}", "")]
    [InlineData($"/mcp?key={Key}", "")]
    [InlineData($"/mcp?access_token={Key}", "")]
    [InlineData($"/mcp?X-API-Key={Key}", "")]
    [InlineData($"/mcp?Authorization=Bearer%20{Key}", "")]
    [InlineData("/mcp", $"Cookie: X-API-Key={Key}; access_token={Key}\r\n")]
    [InlineData("/mcp", $"Proxy-Authorization: Bearer {Key}\r\n")]
    [InlineData("/mcp", $"Authorization: {Key}\r\n")]
    [InlineData("/mcp", $"Authorization: Basic OnRoZS1vbmUta2V5LTAxMjM0NTY3ODk=\r\n")]
    [InlineData("/mcp", $"Authorization: Bearer {Key}\r\nAuthorization: Bearer {Key}\r\n")]
    [InlineData("/mcp", $"Authorization: Bearer wrong\r\nAuthorization: Bearer {Key}\r\n")]
    [InlineData("/mcp", $"Authorization: Bearer {Key}, Bearer wrong\r\n")]
    [InlineData("/mcp", $"X-API-Key: {Key}\r\nX-API-Key: {Key}\r\n")]
    [InlineData("/mcp", $"X-API-Key: wrong\r\nAuthorization: Bearer {Key}\r\n")]
    [InlineData("/mcp", $"X-API-Key: {Key}\r\nAuthorization: Bearer wrong\r\n")]
    [InlineData("/mcp", $"X-API-Key: {Key}\r\nAuthorization: Bearer key-of-ann\r\n")]
    [InlineData("/mcp", $"X-API-Key: key-of-ann\r\nAuthorization: Bearer {Key}\r\n")]
    [InlineData("/mcp", $"X-API-Key: {Key}\r\nAuthorization: Basic eDp4\r\n")]
    [InlineData("/mcp", $"X-API-Key: {Key}\r\nAuthorization: Bearer {Key}\r\n")]
    [InlineData("/mcp", "X-API-Key:\r\n")]
    [InlineData("/mcp", "Authorization: Bearer \r\n")]
    public async Task A_key_counts_in_its_header_once_and_nowhere_else(string target, string headers)
    {
        var answer = await RawHttp.SendAsync(_server.Address, RawHttp.Post($"Host: localhost\r\n{headers}", Ping, target));

        Assert.Equal(401, answer.Status);
        Assert.DoesNotContain(Key, answer.Text, StringComparison.Ordinal);
        Assert.All(_server.Log.Events, entry => Assert.DoesNotContain(Key, entry.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData($"X-API-Key: {Key}\r\n")]
    [InlineData($"Authorization: Bearer {Key}\r\n")]
    [InlineData($"authorization: bearer {Key}\r\n")]
    public async Task The_key_in_its_header_counts(string headers) =>
        Assert.Equal(200, (await RawHttp.SendAsync(_server.Address, RawHttp.Post($"Host: localhost\r\n{headers}", Ping))).Status);

    [Fact]
    public async Task Nothing_in_the_answer_tells_how_near_a_key_is()
    {
        var unknown = await _server.SendAsync(Ping, "x");
        string[] near = [Key[..^1], $"{Key}0", Key.ToUpperInvariant(), Convert.ToHexStringLower(CallerKey.HashOf(Key)), AccessServer.KeyOf("nobody"), new string('k', 10_000)];

        foreach (var key in near)
        {
            var answer = await _server.SendAsync(Ping, key);

            Assert.Equal((unknown.Status, unknown.Body, unknown.Challenge), (answer.Status, answer.Body, answer.Challenge));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.Status);
    }

    /// <summary>Shown by what is compared, since a clock would show whatever else the machine does.</summary>
    [Fact]
    public void Each_key_is_compared_whichever_was_sent()
    {
        var known = Enumerable.Range(0, 5).Select(number => new CallerKey(CallerKey.HashOf($"key {number}"), new Caller { Name = $"caller {number}" })).ToArray();
        string[] presented = ["key 0", "key 2", "key 4", "key 5", "", "key 00"];

        var compared = presented.Select(key =>
        {
            var counting = new CountedKeys(known);
            new CallerKeys(counting).Find(CallerKey.HashOf(key));
            return counting.Taken;
        });

        Assert.All(compared, count => Assert.Equal(known.Length, count));
    }

    [Fact]
    public async Task A_key_that_was_taken_away_is_refused_at_once_and_a_broken_file_gives_nothing_back()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.SendAsync(Ping, AccessServer.KeyOf("ann"))).Status);

        Allow(AccessServer.Entry("bob", ["*"], read: true));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.SendAsync(Ping, AccessServer.KeyOf("ann"))).Status);

        _folder.Write("access.json", "{\"callers\": [");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.SendAsync(Ping, AccessServer.KeyOf("ann"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _server.SendAsync(Ping, AccessServer.KeyOf("bob"))).Status);
    }

    [Fact]
    public async Task Where_anybody_is_served_a_wrong_key_is_refused_all_the_same()
    {
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", Key), ("MCP_ALLOW_ANONYMOUS", "true"));

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(Ping)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(Ping, "wrong")).Status);
    }

    [Fact]
    public async Task Where_anybody_is_served_strangers_are_not_told_why_the_store_does_not_work()
    {
        await using var server = await AccessServer.StartAsync(
            ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_API_KEY", Key), ("MCP_ALLOW_ANONYMOUS", "true"), ("QDRANT_URL", "http://127.0.0.1:1"), ("QDRANT_TIMEOUT", "1s"));

        var stranger = await AskAsync(key: null);
        var known = await AskAsync(Key);

        Assert.Equal("Unhealthy", stranger);
        Assert.Contains("127.0.0.1:1", known, StringComparison.Ordinal);

        async Task<string> AskAsync(string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/health"));
            if (key is not null)
                request.Headers.Add("X-API-Key", key);
            using var response = await server.Client.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [InlineData("GET /sse")]
    [InlineData("POST /message?sessionId=x")]
    [InlineData("POST /mcp")]
    [InlineData("GET /mcp")]
    [InlineData("DELETE /mcp")]
    public async Task The_older_transport_asks_who_calls_as_well(string request)
    {
        await using var server = await AccessServer.StartAsync(("MCP_TRANSPORT", "sse"), ("MCP_API_KEY", Key));

        var answer = await RawHttp.SendAsync(server.Address, $"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task A_session_is_its_callers_alone()
    {
        await using var server = await AccessServer.StartAsync(("MCP_TRANSPORT", "sse"), ("MCP_ACCESS_FILE", _folder.File("access.json")));
        var session = Assert.Single((await server.SendAsync(Messages.Initialize(), AccessServer.KeyOf("ann"))).Headers.GetValues("Mcp-Session-Id"));

        var own = await server.SendAsync(Ping, AccessServer.KeyOf("ann"), request => request.Headers.Add("Mcp-Session-Id", session));
        var stolen = await server.SendAsync(Ping, AccessServer.KeyOf("bob"), request => request.Headers.Add("Mcp-Session-Id", session));

        Assert.Equal(HttpStatusCode.OK, own.Status);
        Assert.Equal(HttpStatusCode.Forbidden, stolen.Status);
    }

    private void Allow(params System.Text.Json.Nodes.JsonObject[] entries) => _folder.Write("access.json", AccessServer.File(entries));

    private sealed class CountedKeys(IReadOnlyList<CallerKey> keys) : IReadOnlyList<CallerKey>
    {
        /// <summary>How many were taken out to be compared.</summary>
        public int Taken { get; private set; }

        public int Count => keys.Count;

        public CallerKey this[int index]
        {
            get
            {
                Taken++;
                return keys[index];
            }
        }

        public IEnumerator<CallerKey> GetEnumerator()
        {
            for (var index = 0; index < Count; index++)
                yield return this[index];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
