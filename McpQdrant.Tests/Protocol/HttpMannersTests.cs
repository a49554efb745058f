using System.Net;
using System.Text;
using System.Text.Json;
using McpQdrant.Tests.Security;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Protocol;

/// <summary>What real clients send over HTTP that is a little beside the specification, and what they get.</summary>
public sealed class HttpMannersTests : IAsyncLifetime
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private const string TwoMethods = """{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"ping"}""";

    private AccessServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AccessServer.StartAsync(("EMBEDDING_MODEL_PATH", Watched.TinyModel));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("Content-Type: application/json\r\n")]
    [InlineData("Content-Type: Application/JSON;charset=UTF-8\r\n")]
    [InlineData("Content-Type: application/json; charset=\"utf-8\"\r\n")]
    [InlineData("Content-Type: application/json; charset=utf8\r\n")]
    [InlineData("Content-Type: application/json; charset=iso-8859-1\r\n")]
    [InlineData("Content-Type: application/json; charset=utf-16\r\n")]
    [InlineData("Content-Type: application/json; charset=nonsense\r\n")]
    public async Task JSON_is_read_as_UTF8_whatever_charset_is_named(string contentType) =>
        Assert.Equal(200, (await SendRawAsync(contentType, Encoding.UTF8.GetBytes(Ping))).Status);

    [Theory]
    [InlineData("")]
    [InlineData("Content-Type:\r\n")]
    [InlineData("Content-Type: json\r\n")]
    [InlineData("Content-Type: text/plain\r\n")]
    [InlineData("Content-Type: application/x-www-form-urlencoded\r\n")]
    public async Task What_is_no_JSON_by_its_type_gets_415_and_a_body(string contentType)
    {
        var answer = await SendRawAsync(contentType, Encoding.UTF8.GetBytes(Ping));

        Assert.Equal(415, answer.Status);
        Assert.Contains("application/json", answer.Text.Split("\r\n\r\n")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_passed_over()
    {
        var answer = await SendRawAsync("Content-Type: application/json\r\n", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Ping)]);

        Assert.Equal(200, answer.Status);
    }

    public static TheoryData<string, byte[]> Disguised => new()
    {
        { "utf-8", Encoding.UTF8.GetBytes(TwoMethods) },
        { "utf-8", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(TwoMethods)] },
        { "utf-8", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Ping)] },
        { "utf-16", Encoding.Unicode.GetBytes(TwoMethods) },
        { "utf-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Ping)] },
        { "utf-16BE", Encoding.BigEndianUnicode.GetBytes(Ping) },
        { "utf-32", Encoding.UTF32.GetBytes(Ping) },
        { "utf-7", Encoding.ASCII.GetBytes("+AHs-\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"+AH0-") },
        { "iso-8859-1", Encoding.Latin1.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"é":1}}""") },
    };

    [Theory]
    [MemberData(nameof(Disguised))]
    public async Task What_the_door_can_not_check_is_not_served(string charset, byte[] body)
    {
        var answer = await SendRawAsync($"Content-Type: application/json; charset={charset}\r\n", body);

        Assert.Equal(400, answer.Status);
        Assert.Contains("\"error\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_before_is_served_since_none_is_needed()
    {
        var answer = await _server.SendAsync(Ping, prepare: request => request.Headers.Add("Mcp-Session-Id", "from-before"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, text/plain, */*", "application/json")]
    [InlineData("application/json, text/event-stream;q=0", "application/json")]
    [InlineData(null, "application/json")]
    [InlineData("text/event-stream", "text/event-stream")]
    [InlineData("application/json, text/event-stream", "text/event-stream")]
    [InlineData("*/*", "text/event-stream")]
    public async Task An_answer_comes_in_the_form_that_the_client_takes(string? accept, string form)
    {
        var answer = await SendAcceptingAsync(accept, Messages.Store(7, "Lunch is at noon."));

        Assert.Equal((HttpStatusCode.OK, form), (answer.Status, answer.ContentHeaders.ContentType!.MediaType));
        Assert.Equal(7, answer.Message.GetProperty("id").GetInt32());
        Assert.StartsWith("Remembered", answer.Message.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_takes_no_form_of_an_answer_is_told_so_under_its_id()
    {
        var answer = await SendAcceptingAsync("text/html", Ping);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.Status);
        Assert.Equal(1, answer.Message.GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("2024-11-05", "2024-11-05")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2026-07-28", "2025-11-25")]
    [InlineData("2027-01-01", "2025-11-25")]
    [InlineData("DRAFT-2099", "2025-11-25")]
    [InlineData("1.0", "2025-11-25")]
    public async Task A_version_is_agreed_on_whatever_was_offered(string offered, string agreed)
    {
        var answer = await _server.SendAsync(Messages.Initialize(1, offered));
        var named = await _server.SendAsync(Messages.Initialize(1, offered), prepare: request => request.Headers.Add("MCP-Protocol-Version", "2025-06-18"));

        Assert.Equal(agreed, answer.Message.Result().GetProperty("protocolVersion").GetString());
        Assert.Equal(agreed, named.Message.Result().GetProperty("protocolVersion").GetString());
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("ping")]
    [InlineData("logging/setLevel")]
    public async Task A_client_of_the_version_without_sessions_is_told_which_methods_are_gone(string method)
    {
        const string meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""";
        var message = $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{"_meta": {{meta}} } }""";

        var answer = await _server.SendAsync(message, prepare: request =>
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", method);
        });

        Assert.Equal((HttpStatusCode.NotFound, -32601), (answer.Status, answer.Message.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":{}}""")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":[],"clientInfo":[]}""")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":{"roots":[],"sampling":null},"clientInfo":{"name":"x"}}""")]
    [InlineData("""{"protocolVersion":"2025-06-18","clientInfo":{"version":"1"}}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task A_client_that_says_little_of_itself_can_connect(string parameters)
    {
        var answer = await _server.SendAsync($$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{parameters}}}""");

        Assert.True(answer.Message.TryGetProperty("result", out _), answer.Body);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json, text/event-stream")]
    public async Task A_batch_is_served_in_its_order(string accept)
    {
        const string initialized = Messages.Initialized;
        var broken = """{"jsonrpc":"2.0","id":"b","method":7}""";

        var answer = await SendAcceptingAsync(accept, $"[{Messages.Store(1, "Lunch is at noon.")},{initialized},{Messages.Find(2, "lunch")},{broken}]");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var answers = accept == "application/json"
            ? JsonElement.Parse(answer.Body).EnumerateArray().ToArray()
            : [.. answer.Body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))];
        Assert.Equal(["1", "2", "b"], answers.Select(each => each.GetProperty("id").ToString()));
        Assert.Equal(1, answers[1].Structured().GetProperty("results").GetArrayLength());
        Assert.Equal(-32600, answers[2].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_batch_has_bounds_and_one_of_notifications_alone_has_no_answer()
    {
        var empty = await _server.SendAsync("[]");
        var many = await _server.SendAsync($"[{string.Join(',', Enumerable.Repeat(Ping, 51))}]");
        var nested = await SendAcceptingAsync("application/json", $"[[{Ping}]]");
        var silent = await _server.SendAsync($"[{Messages.Initialized},{Messages.Initialized}]");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (empty.Status, many.Status));
        Assert.Contains("-32600", nested.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Accepted, ""), (silent.Status, silent.Body));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"é","method":7}""", "\"é\"")]
    [InlineData("""{"jsonrpc":"2.0","id":7}""", "7")]
    [InlineData("""{"id":7,"method":"ping"}""", "7")]
    [InlineData("""{"jsonrpc":2.0,"id":7,"method":"ping"}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", "1.5")]
    [InlineData("""{"jsonrpc":"2.0","id":12345678901234567890,"method":"ping"}""", "12345678901234567890")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping","method":"ping"}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"\ud800","id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping",}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"pi""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"ping","params":DEEP,"id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"initialize","params":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", "null")]
    [InlineData("""{"jsonrpc":"2.0","id":[7],"method":"ping"}""", "null")]
    [InlineData("nonsense", "null")]
    public async Task An_id_comes_back_where_it_can_be_read(string body, string id)
    {
        var answer = await _server.SendAsync(body.Replace("DEEP", $"{new string('[', 100)}{new string(']', 100)}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(id, answer.Message.GetProperty("id").GetRawText());
        Assert.NotEmpty(answer.Message.GetProperty("error").GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("GET", "/mcp")]
    [InlineData("DELETE", "/mcp")]
    [InlineData("PUT", "/mcp")]
    [InlineData("POST", "/mcp")]
    [InlineData("POST", "/register")]
    [InlineData("GET", "/authorize")]
    [InlineData("POST", "/token")]
    [InlineData("GET", "/sse")]
    [InlineData("POST", "/sse")]
    [InlineData("GET", "/")]
    public async Task Without_a_key_every_path_says_401_and_why(string method, string path)
    {
        await using var server = await AccessServer.StartAsync(("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_API_KEY", "the-key"));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, path));

        using var response = await server.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        var sentence = error.TryGetProperty("error_description", out var description) ? description : error.GetProperty("error").GetProperty("message");
        Assert.StartsWith("This server asks who calls.", sentence.GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/mcp", 405)]
    [InlineData("DELETE", "/mcp", 405)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("POST", "/register", 404)]
    [InlineData("GET", "/.well-known/oauth-authorization-server", 404)]
    [InlineData("GET", "/.well-known/oauth-protected-resource/mcp", 404)]
    public async Task What_is_not_there_is_said_in_JSON(string method, string path, int status)
    {
        await using var keyed = await AccessServer.StartAsync(("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_API_KEY", "the-key"));

        foreach (var server in new[] { _server, keyed })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, path)) { Headers = { { "X-API-Key", "the-key" } } };
            using var response = await server.Client.SendAsync(request, Token);

            Assert.Equal(status, (int)response.StatusCode);
            Assert.True(JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).TryGetProperty("error", out _));
        }
    }

    [Fact]
    public async Task Documents_by_which_clients_look_for_OAuth_are_not_there_without_a_key_either()
    {
        await using var server = await AccessServer.StartAsync(("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_API_KEY", "the-key"));

        using var response = await server.Client.GetAsync(new Uri(server.Address, "/.well-known/oauth-authorization-server"), Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("not_found", JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("/message?sessionId=gone")]
    [InlineData("/message")]
    public async Task An_unknown_session_of_the_older_transport_is_told_in_JSON_under_the_id(string path)
    {
        await using var server = await AccessServer.StartAsync(("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_TRANSPORT", "sse"));
        using var request = HttpServerProcess.Request(new Uri(server.Address, path), Ping);

        using var response = await server.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(1, JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Open_streams_leave_places_for_calls_and_are_bounded_themselves()
    {
        await using var server = await AccessServer.StartAsync(
            ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_TRANSPORT", "sse"), ("MCP_CONCURRENT_REQUESTS", "2"));
        var session = Assert.Single((await server.SendAsync(Messages.Initialize())).Headers.GetValues("Mcp-Session-Id"));

        using var first = await OpenAsync(server);
        using var second = await OpenAsync(server);
        using var third = await OpenAsync(server);
        var call = await server.SendAsync(Ping, prepare: request => request.Headers.Add("Mcp-Session-Id", session));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], new[] { first, second, third }.Select(stream => stream.StatusCode));
        Assert.Equal(HttpStatusCode.OK, call.Status);

        static async Task<HttpResponseMessage> OpenAsync(AccessServer server) =>
            await server.Client.GetAsync(new Uri(server.Address, "/sse"), HttpCompletionOption.ResponseHeadersRead, Token);
    }

    [Fact]
    public async Task Connections_that_send_nothing_shut_nobody_out_and_those_of_callers_stay()
    {
        await using var server = await AccessServer.StartAsync(
            ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_API_KEY", "the-key"), ("MCP_MAX_CONNECTIONS", "4"));
        using var known = await RawHttp.ConnectAsync(server.Address);
        var ping = Encoding.UTF8.GetBytes(RawHttp.Post("Host: localhost\r\nX-API-Key: the-key\r\n", Ping));
        await known.WriteAsync(ping);
        Assert.Equal(200, (await known.ReadAnswerAsync()).Status);

        var strangers = new List<RawHttp>();
        for (var number = 0; number < 40; number++)
            strangers.Add(await RawHttp.ConnectAsync(server.Address));
        var fresh = await server.SendAsync(Ping, "the-key");
        await known.WriteAsync(ping);
        var again = await known.ReadAnswerAsync();
        strangers.ForEach(stranger => stranger.Dispose());

        Assert.Equal((HttpStatusCode.OK, 200), (fresh.Status, again.Status));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<RawAnswer> SendRawAsync(string contentType, byte[] body) => SendRawAsync(_server, contentType, body);

    private static async Task<RawAnswer> SendRawAsync(AccessServer server, string contentType, byte[] body)
    {
        using var raw = await RawHttp.ConnectAsync(server.Address);
        await raw.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n{contentType}Content-Length: {body.Length}\r\n\r\n"));
        await raw.WriteAsync(body);
        return await raw.ReadAnswerAsync();
    }

    private Task<HttpAnswer> SendAcceptingAsync(string? accept, string body) => _server.SendAsync(body, prepare: request =>
    {
        request.Headers.Accept.Clear();
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
    });
}
