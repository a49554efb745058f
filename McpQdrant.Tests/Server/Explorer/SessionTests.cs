using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Authentication.Sessions;
using McpQdrant.Tests.Server.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Server.Explorer;

public sealed class SessionTests
{
    private const string Store = "/api/v1/collections/notes/memories";
    private const string Body = """{"text":"kept by a person"}""";

    [Fact]
    public async Task Session_reads_and_with_its_token_changes()
    {
        await using var server = await WithKeyAsync();
        Assert.False((await server.SendAsync("GET", "/explorer/session")).Json.GetProperty("signedIn").GetBoolean());
        var (cookie, csrf) = await server.SignInAsync();

        var about = await server.SendAsync("GET", "/api/v1", cookie: cookie);
        var state = await server.SendAsync("GET", "/explorer/session", cookie: cookie);
        var stored = await server.SendAsync("POST", Store, Body, cookie, csrf);

        Assert.Equal("default", about.Json.GetProperty("caller").GetString());
        Assert.Equal((true, csrf), (state.Json.GetProperty("signedIn").GetBoolean(), state.Json.GetProperty("csrf").GetString()));
        Assert.Equal(HttpStatusCode.Created, stored.Status);
    }

    [Fact]
    public async Task Cookie_is_out_of_reach_for_scripts_and_for_other_sites()
    {
        await using var server = await WithKeyAsync();
        var plain = await server.SendAsync("POST", "/explorer/session", KeyBody());
        await using var proxied = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key), ("MCP_TRUSTED_PROXIES", "127.0.0.1,::1"));
        var secure = await proxied.SendAsync("POST", "/explorer/session", KeyBody(), prepare: request => request.Headers.Add("X-Forwarded-Proto", "https"));

        Assert.Matches("^mcp-explorer-[0-9]+=[A-Za-z0-9_-]+; max-age=43200; path=/; samesite=strict; httponly$", plain.SetCookie!);
        Assert.Matches("^__Host-mcp-explorer-[0-9]+=[A-Za-z0-9_-]+; max-age=43200; path=/; secure; samesite=strict; httponly$", secure.SetCookie!);
        Assert.DoesNotContain(ExplorerServer.Key, plain.SetCookie, StringComparison.Ordinal);
        Assert.Equal("no-store", plain.Header("Cache-Control"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Change_by_cookie_without_the_token_of_its_session_is_refused(string? csrf)
    {
        await using var server = await WithKeyAsync();
        var (cookie, _) = await server.SignInAsync();

        foreach (var (method, path) in ((string, string)[])[("POST", Store), ("PATCH", $"{Store}/1"), ("DELETE", $"{Store}/1"), ("POST", "/api/v1/collections/notes/undo"), ("DELETE", "/explorer/session")])
            Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(method, path, Body, cookie, csrf)).Status);
        Assert.Empty((await server.SendAsync("GET", "/api/v1/collections", cookie: cookie)).Json.GetProperty("collections").EnumerateArray());
    }

    [Fact]
    public async Task Token_of_another_session_is_none()
    {
        await using var server = await WithKeyAsync();
        var (cookie, _) = await server.SignInAsync();
        var (_, others) = await server.SignInAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync("POST", Store, Body, cookie, others)).Status);
    }

    [Fact]
    public async Task Signing_in_opens_a_session_of_its_own_whatever_cookie_was_there()
    {
        await using var server = await WithKeyAsync();
        var (planted, plantedToken) = await server.SignInAsync();

        var (cookie, csrf) = await server.SignInAsync(cookie: planted);

        Assert.NotEqual(planted, cookie);
        Assert.NotEqual(plantedToken, csrf);
        // A cookie that somebody made up opens nothing, also after signing in with it.
        var invented = $"{cookie.Split('=')[0]}={Base64Url.EncodeToString(new byte[84])}";
        await server.SignInAsync(cookie: invented);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("GET", "/api/v1", cookie: invented)).Status);
    }

    [Fact]
    public async Task Cookie_of_which_any_byte_was_changed_is_none()
    {
        await using var server = await WithKeyAsync();
        var (cookie, _) = await server.SignInAsync();
        var (name, ticket) = (cookie.Split('=')[0], Base64Url.DecodeFromChars(cookie.Split('=')[1]));

        for (var i = 0; i < ticket.Length; i++)
        {
            ticket[i] ^= 1;
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("GET", "/api/v1", cookie: $"{name}={Base64Url.EncodeToString(ticket)}")).Status);
            ticket[i] ^= 1;
        }
        foreach (var other in (string[])["", "x", "====", new string('A', 9000)])
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("GET", "/api/v1", cookie: $"{name}={other}")).Status);
    }

    [Fact]
    public async Task Cookie_ends_after_twelve_hours()
    {
        await using var server = await WithKeyAsync();
        var name = (await server.SignInAsync()).Cookie.Split('=')[0];
        var begin = DateTimeOffset.UtcNow - BrowserSessions.Lifetime;

        var late = TicketOf(new FakeTimeProvider(begin + TimeSpan.FromMinutes(5)));
        var ended = TicketOf(new FakeTimeProvider(begin - TimeSpan.FromSeconds(1)));

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/api/v1", cookie: $"{name}={late}")).Status);
        var refused = await server.SendAsync("GET", "/api/v1", cookie: $"{name}={ended}");
        Assert.Equal((HttpStatusCode.Unauthorized, "This session has ended. Sign in again."), (refused.Status, refused.Json.GetProperty("detail").GetString()));
        var state = await server.SendAsync("GET", "/explorer/session", cookie: $"{name}={ended}");
        Assert.False(state.Json.GetProperty("signedIn").GetBoolean());
        Assert.Contains("expires=Thu, 01 Jan 1970", state.SetCookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replica_with_the_same_secret_takes_the_session_and_another_server_does_not()
    {
        await using var first = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key), ("MCP_CONFIRMATION_KEY", "shared"));
        await using var second = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key), ("MCP_CONFIRMATION_KEY", "shared"));
        await using var other = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key), ("MCP_CONFIRMATION_KEY", "other"));
        var ticket = (await first.SignInAsync()).Cookie.Split('=')[1];

        Assert.Equal(HttpStatusCode.OK, (await second.SendAsync("GET", "/api/v1", cookie: $"mcp-explorer-{second.Server.Address.Port}={ticket}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.SendAsync("GET", "/api/v1", cookie: $"mcp-explorer-{other.Server.Address.Port}={ticket}")).Status);
    }

    [Fact]
    public async Task Whose_key_is_taken_away_is_out_and_has_no_more_rights_than_the_key()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "access.json");
        await File.WriteAllTextAsync(file, AccessServer.File(AccessServer.Entry("ann", ["notes"], read: true), AccessServer.Entry("bob", ["notes"], read: true, write: true)));
        await using var server = await ExplorerServer.StartAsync(("MCP_ACCESS_FILE", file));
        var (cookie, csrf) = await server.SignInAsync(AccessServer.KeyOf("ann"));

        Assert.Equal("ann", (await server.SendAsync("GET", "/api/v1", cookie: cookie)).Json.GetProperty("caller").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync("POST", Store, Body, cookie, csrf)).Status);
        await File.WriteAllTextAsync(file, AccessServer.File(AccessServer.Entry("bob", ["notes"], read: true)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("GET", "/api/v1", cookie: cookie)).Status);
    }

    [Fact]
    public async Task Wrong_key_is_refused_and_written_down_without_it()
    {
        await using var server = await WithKeyAsync();

        var refused = await server.SendAsync("POST", "/explorer/session", KeyBody("a wrong key"));

        Assert.Equal((HttpStatusCode.Unauthorized, null), (refused.Status, refused.SetCookie));
        Assert.Equal("127.0.0.1 /explorer/session (null) refused: wrong credentials", Assert.Single(server.Server.Log.AuditLog).Text);
        Assert.DoesNotContain(server.Server.Log.Events, entry => entry.Text.Contains("a wrong key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Guesses_count_against_the_rate_of_their_address()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key), ("MCP_RATE_LIMIT", "3"));

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("POST", "/explorer/session", KeyBody($"{i}"))).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.SendAsync("POST", "/explorer/session", KeyBody())).Status);
    }

    [Fact]
    public async Task Pages_of_others_sign_nobody_in_and_the_servers_own_page_may_call()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key), ("MCP_ALLOWED_HOSTS", "memory.example.com"));

        async Task<HttpStatusCode> From(string origin, string host) => (await server.SendAsync("POST", "/explorer/session", KeyBody(), prepare: request =>
        {
            request.Headers.Host = host;
            request.Headers.TryAddWithoutValidation("Origin", origin);
        })).Status;

        Assert.Equal(HttpStatusCode.OK, await From("https://memory.example.com", "memory.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await From("https://evil.example", "memory.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await From("https://memory.example.com:8443", "memory.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await From("https://evil.example@memory.example.com", "memory.example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, await From("https://rebound.example", "rebound.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await From("null", "memory.example.com"));
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_away()
    {
        await using var server = await WithKeyAsync();
        var (cookie, csrf) = await server.SignInAsync();

        var answer = await server.SendAsync("DELETE", "/explorer/session", cookie: cookie, csrf: csrf);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Contains("expires=Thu, 01 Jan 1970", answer.SetCookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_is_not_for_programs_that_speak_MCP()
    {
        await using var server = await WithKeyAsync();
        var (cookie, csrf) = await server.SignInAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("POST", "/mcp", """{"jsonrpc":"2.0","id":1,"method":"ping"}""", cookie, csrf)).Status);
    }

    [Fact]
    public async Task Server_without_keys_asks_nobody_to_sign_in()
    {
        await using var server = await ExplorerServer.StartAsync();

        var state = await server.SendAsync("GET", "/explorer/session");

        Assert.Equal((true, false), (state.Json.GetProperty("signedIn").GetBoolean(), state.Json.GetProperty("asksForKey").GetBoolean()));
        Assert.Equal(HttpStatusCode.Created, (await server.SendAsync("POST", Store, Body, prepare: request => request.Headers.Add("Origin", server.Server.Address.GetLeftPart(UriPartial.Authority)))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync("POST", Store, Body, prepare: request => request.Headers.Add("Origin", "https://evil.example"))).Status);
    }

    private static Task<ExplorerServer> WithKeyAsync() => ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));

    private static string KeyBody(string key = ExplorerServer.Key) => JsonSerializer.Serialize(new { key });

    private static string TicketOf(TimeProvider clock) => new BrowserSessions(ExplorerServer.Key, clock).Open(CallerKey.HashOf(ExplorerServer.Key)).Ticket;
}
