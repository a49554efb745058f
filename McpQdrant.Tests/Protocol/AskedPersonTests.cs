using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Server.Mcp;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Protocol;

/// <summary>A deletion by a filter, from clients that can ask the person and from those that can't, through each door of the real binary.</summary>
public sealed class AskedPersonTests : IDisposable
{
    private const string Handshake = "2025-11-25";
    private const string NoHandshake = "2026-07-28";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _questions = [];

    public static TheoryData<string, string> Asking => new() { { "stdio", Handshake }, { "stdio", NoHandshake }, { "http", NoHandshake }, { "sse", Handshake } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Asking))]
    public async Task The_person_says_yes_and_what_was_shown_is_forgotten(string door, string version)
    {
        await using var client = await ConnectAsync(door, version, _ => Said("accept"));
        await StoreAsync(client, 7);

        var forgotten = await ForgetDoneAsync(client);

        Assert.Equal("7", forgotten["deleted"]);
        var question = Assert.Single(_questions);
        Assert.StartsWith("Forget 7 memories of 'notes'?\n- memory ", question, StringComparison.Ordinal);
        Assert.EndsWith("\n- and 2 more", question, StringComparison.Ordinal);
        Assert.Equal(["other"], (await FindAsync(client)).Found);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public async Task The_person_says_no_and_nothing_is_forgotten(string door, string version)
    {
        await using var client = await ConnectAsync(door, version, _ => Said("decline"));
        await StoreAsync(client, 2);

        var refused = await ForgetDoneAsync(client);

        Assert.True(refused.IsError);
        Assert.Equal("The person was asked and said no. Nothing was deleted; don't ask again unless they want it.", refused.Text);
        Assert.Equal(3, (await FindAsync(client)).Found.Count);
    }

    [Theory]
    [InlineData("stdio", Handshake)]
    [InlineData("http", NoHandshake)]
    public async Task The_person_closes_the_question_and_nothing_is_forgotten(string door, string version)
    {
        await using var client = await ConnectAsync(door, version, _ => Said("cancel"));
        await StoreAsync(client, 1);

        Assert.Equal("The person closed the question without an answer. Nothing was deleted.", (await ForgetDoneAsync(client)).Text);
        Assert.Equal(2, (await FindAsync(client)).Found.Count);
    }

    [Theory]
    [InlineData("stdio", Handshake)]
    [InlineData("http", NoHandshake)]
    public async Task What_changed_while_the_person_thought_is_not_forgotten(string door, string version)
    {
        McpClient? same = null;
        await using var client = await ConnectAsync(door, version, async cancellationToken =>
        {
            await same!.CallToolAsync("qdrant-store", Of("one more", """{"done": true}"""), cancellationToken: cancellationToken);
            return await Said("accept");
        });
        same = client;
        await StoreAsync(client, 1);

        var refused = await ForgetDoneAsync(client);

        Assert.StartsWith("Nothing was deleted, since what is there is not what was shown", refused.Text, StringComparison.Ordinal);
        Assert.Equal(3, (await FindAsync(client)).Found.Count);
    }

    [Fact]
    public async Task A_client_that_fails_to_ask_forgets_nothing()
    {
        await using var client = await ConnectAsync("stdio", Handshake, _ => throw new InvalidOperationException("no window"));
        await StoreAsync(client, 1);

        Assert.Equal(
            "The client could not ask the person. Nothing was deleted; name memories by 'ids', or let the operator set MEMORY_CONFIRM=code.", (await ForgetDoneAsync(client)).Text);
        Assert.Equal(2, (await FindAsync(client)).Found.Count);
    }

    [Fact]
    public async Task A_client_that_goes_while_the_person_is_asked_forgets_nothing()
    {
        var asked = new TaskCompletionSource();
        await using (var client = await ConnectAsync("stdio", Handshake, async cancellationToken =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return await Said("accept");
        }))
        {
            await StoreAsync(client, 1);
            _ = ForgetDoneAsync(client);
            await asked.Task.WaitAsync(ServerProcess.Patience, Token);
        }

        await using var next = await ConnectAsync("stdio", Handshake, ask: null);
        Assert.Equal(2, (await FindAsync(next)).Found.Count);
    }

    [Fact]
    public async Task Finds_do_not_wait_for_the_person()
    {
        McpClient? same = null;
        ToolAnswer? found = null;
        await using var client = await ConnectAsync("stdio", Handshake, async _ =>
        {
            found = await FindAsync(same!).WaitAsync(ServerProcess.Patience, Token);
            return await Said("accept");
        });
        same = client;
        await StoreAsync(client, 1);

        await ForgetDoneAsync(client);

        Assert.Equal(2, found?.Found.Count);
    }

    [Theory]
    [InlineData("http", Handshake, true, "auto")]
    [InlineData("http", NoHandshake, false, "auto")]
    [InlineData("stdio", Handshake, true, "code")]
    public async Task Where_nobody_can_or_should_be_asked_a_code_is_given(string door, string version, bool canAsk, string confirm)
    {
        await using var client = await ConnectAsync(door, version, canAsk ? _ => Said("decline") : null, ("MEMORY_CONFIRM", confirm));
        await StoreAsync(client, 1);

        var preview = await ForgetDoneAsync(client);
        Assert.Equal(("0", "1"), (preview["deleted"], preview["matched"]));
        var deleted = await CallAsync(client, "qdrant-forget", new() { ["collection_name"] = "notes", ["confirmation"] = preview["confirmation"] });

        Assert.Equal("1", deleted["deleted"]);
        Assert.Empty(_questions);
    }

    [Theory]
    [InlineData("http", Handshake)]
    [InlineData("http", NoHandshake)]
    public async Task With_person_a_client_that_can_not_ask_gets_a_sentence(string door, string version)
    {
        await using var client = await ConnectAsync(door, version, ask: null, ("MEMORY_CONFIRM", "person"));
        await StoreAsync(client, 1);

        var refused = await ForgetDoneAsync(client);

        Assert.True(refused.IsError);
        Assert.StartsWith("This server deletes by a filter only when the person says yes, and this client can't ask. Nothing was deleted;", refused.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await FindAsync(client)).Found.Count);
    }

    [Fact]
    public async Task With_person_no_code_is_taken()
    {
        string code;
        await using (var client = await ConnectAsync("http", NoHandshake, ask: null, ("MCP_CONFIRMATION_KEY", "a-shared-key-of-servers")))
        {
            await StoreAsync(client, 1);
            code = (await ForgetDoneAsync(client))["confirmation"]!;
        }

        await using var strict = await ConnectAsync("http", NoHandshake, _ => Said("decline"), ("MCP_CONFIRMATION_KEY", "a-shared-key-of-servers"), ("MEMORY_CONFIRM", "person"));
        var refused = await CallAsync(strict, "qdrant-forget", new() { ["collection_name"] = "notes", ["confirmation"] = code });

        Assert.Equal("This server asks the person, and takes no code. Nothing was deleted; call with the filter alone.", refused.Text);
        Assert.Equal(2, (await FindAsync(strict)).Found.Count);
    }

    [Theory]
    [InlineData("\"requestState\":\"AAAA\",")]
    [InlineData("")]
    public async Task An_answer_to_no_question_forgets_nothing(string state)
    {
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path });
        await server.CallAsync(Messages.Store(1, "memory", metadata: new JsonObject { ["done"] = true }));

        var reply = await server.CallAsync(
            $$$$$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{{{{{{{state}}}}}}"inputResponses":{"confirm":{"action":"accept"}},"name":"qdrant-forget","arguments":{"collection_name":"notes","filter":{{{{{{DoneFilter}}}}}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}}}""",
            request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", "tools/call");
                request.Headers.Add("Mcp-Name", "qdrant-forget");
            });

        Assert.Contains("Nothing was deleted", reply.Text(), StringComparison.Ordinal);
        Assert.Equal(1, (await server.CallAsync(Messages.Find(3, "memory"))).Structured().GetProperty("results").GetArrayLength());
    }

    private const string DoneFilter = """{"must": [{"key": "metadata.done", "match": {"value": true}}]}""";

    private static ValueTask<ElicitResult> Said(string action) => ValueTask.FromResult(new ElicitResult { Action = action });

    /// <param name="ask">What the person does; null for a client that can't ask.</param>
    private async Task<Connection> ConnectAsync(string door, string version, Func<CancellationToken, ValueTask<ElicitResult>>? ask, params (string Name, string Value)[] settings)
    {
        var environment = settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value);
        environment["QDRANT_LOCAL_PATH"] = _folder.Path;
        var options = new McpClientOptions { ProtocolVersion = version, DiscoverProbeTimeout = ServerProcess.Patience };
        if (ask is not null)
        {
            options.Handlers.ElicitationHandler = async (question, cancellationToken) =>
            {
                _questions.Add(question!.Message);
                return await ask(cancellationToken);
            };
        }

        if (door == "stdio")
        {
            return new Connection(await McpClient.CreateAsync(
                new StdioClientTransport(new() { Command = ServerProcess.Binary, EnvironmentVariables = ServerEnvironment.Of(environment) }), options, cancellationToken: Token), Server: null);
        }

        var server = await HttpServerProcess.StartAsync(environment, door);
        var transport = door == "sse"
            ? new HttpClientTransport(new() { Endpoint = new Uri(server.Address, "/sse"), TransportMode = HttpTransportMode.Sse })
            : new HttpClientTransport(new() { Endpoint = server.Address, TransportMode = HttpTransportMode.StreamableHttp });
        return new Connection(await McpClient.CreateAsync(transport, options, cancellationToken: Token), server);
    }

    private static async Task StoreAsync(McpClient client, int count)
    {
        foreach (var number in Enumerable.Range(1, count))
            await CallAsync(client, "qdrant-store", Of($"memory {number}", """{"done": true}"""));
        await CallAsync(client, "qdrant-store", Of("other", "null"));
    }

    private static Dictionary<string, object?> Of(string text, string metadata) => new()
    {
        ["collection_name"] = "notes",
        ["information"] = text,
        ["metadata"] = JsonElement.Parse(metadata),
    };

    private static Task<ToolAnswer> ForgetDoneAsync(McpClient client) =>
        CallAsync(client, "qdrant-forget", new() { ["collection_name"] = "notes", ["filter"] = JsonElement.Parse(DoneFilter) });

    private static Task<ToolAnswer> FindAsync(McpClient client) => CallAsync(client, "qdrant-find", new() { ["collection_name"] = "notes", ["query"] = "memory" });

    private static async Task<ToolAnswer> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments) =>
        ToolAnswer.Of(await client.CallToolAsync(tool, arguments, cancellationToken: Token));

    private sealed record Connection(McpClient Client, HttpServerProcess? Server) : IAsyncDisposable
    {
        public static implicit operator McpClient(Connection connection) => connection.Client;

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            if (Server is not null)
                await Server.DisposeAsync();
        }
    }
}
