using System.Runtime.InteropServices;
using System.Text.Json;

namespace McpQdrant.Tests.Protocol;

/// <summary>The binary over standard input and output, in raw JSON-RPC, where a client would hide mistakes.</summary>
public sealed class StdioTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_piped_in_is_answered_and_the_exit_code_is_zero()
    {
        await using var server = Start();

        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Store(1, "The deploy key rotates on Mondays."), Messages.Find(2, "When does the deploy key rotate?"));
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.Equal(3, lines.Count);
        Assert.Equal("Remembered: The deploy key rotates on Mondays. in collection notes", lines.Reply(1).Text());
        Assert.True(lines.Reply(1).Structured().GetProperty("created").GetBoolean());
        Assert.EndsWith("\"><content>The deploy key rotates on Mondays.</content><metadata></metadata></entry>", lines.Reply(2).Text(item: 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_find_sees_what_was_stored_before_it_although_the_client_did_not_wait()
    {
        await using var server = Start();

        await server.WriteAsync([Messages.Initialize(), Messages.Initialized, .. Enumerable.Range(1, 9).Select(i => Messages.Store(i, $"Memory number {i}")), Messages.Find(10, "memory")]);
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.Equal(9, lines.Reply(10).Structured().GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task A_store_that_can_not_be_reached_is_a_line_of_the_log_and_no_more()
    {
        await using var server = ServerProcess.Start([], new Dictionary<string, string?> { ["QDRANT_URL"] = "http://127.0.0.1:1" });

        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Find(1, "a secret question"));
        server.CloseInput();
        var reply = (await server.ReadToEndAsync()).Reply(1);
        await server.WaitForExitAsync();

        var warning = Assert.Single(server.Errors.Split('\n'), line => line.Contains(" warn: ", StringComparison.Ordinal) || line.Contains(" fail: ", StringComparison.Ordinal));
        Assert.EndsWith($"qdrant-find could not be done: {reply.Text()}", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Initialize_agrees_on_the_version_that_the_client_asks_for(string version)
    {
        await using var server = Start();

        await server.WriteAsync(Messages.Initialize(0, version));

        Assert.Equal(version, JsonElement.Parse((await server.ReadLineAsync())!).Result().GetProperty("protocolVersion").GetString());
    }

    [Fact]
    public async Task A_client_of_2026_is_served_without_a_handshake()
    {
        await using var server = Start();

        await server.WriteAsync("""
            {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
            """);

        var reply = JsonElement.Parse((await server.ReadLineAsync())!);
        Assert.Equal(["qdrant-collections", "qdrant-find", "qdrant-forget", "qdrant-store", "qdrant-update"], reply.Result().GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).Order());
    }

    [Fact]
    public async Task Fifty_calls_at_once_eight_of_them_first_stores_all_succeed()
    {
        await using var server = Start();

        await server.WriteAsync([Messages.Initialize(), Messages.Initialized,
            .. Enumerable.Range(1, 8).Select(i => Messages.Store(i, $"Memory number {i}")),
            .. Enumerable.Range(9, 42).Select(i => i % 2 == 0 ? Messages.Store(i, $"Memory number {i}") : Messages.Find(i, $"number {i}"))]);
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.All(Enumerable.Range(1, 50), i => Assert.False(IsError(lines.Reply(i)), $"{i}: {lines.Reply(i)}"));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_signal_finishes_what_is_under_way(PosixSignal signal)
    {
        await using var server = Start();
        await server.WriteAsync(Messages.Initialize(), Messages.Initialized);
        await server.ReadLineAsync();

        await server.WriteAsync(Enumerable.Range(1, 10).Select(i => Messages.Store(i, $"Memory number {i}")));
        var lines = new List<string> { (await server.ReadLineAsync())! };
        server.Signal(signal);
        lines.AddRange(await server.ReadToEndAsync());

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.All(lines, line => Assert.False(IsError(JsonElement.Parse(line)), line));
        Assert.Equal(await CountAsync(), lines.Count);   // answered is stored, and stored is answered
    }

    [Fact]
    public async Task Lines_that_are_no_messages_get_an_error_and_the_next_one_is_served()
    {
        await using var server = Start();

        await server.WriteAsync("{\"jsonrpc\":", "[]", "42", "{\"jsonrpc\":\"2.0\",\"id\":7}", "", Messages.Initialize(8));
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.Equal(5, lines.Count);
        Assert.Equal(-32700, JsonElement.Parse(lines[0]).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(-32600, lines.Reply(7).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("2025-06-18", lines.Reply(8).Result().GetProperty("protocolVersion").GetString());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"qdrant-find"}""", -32602, "The params of 'tools/call' are not what they must be.")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{}}}""", -32602, "The params of 'tools/call' are not what they must be.")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"qdrant-find","NAME":"qdrant-store"}}""", -32600, "The message has the key 'NAME' twice.")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"\ud800"}""", -32600, "The message holds a text that is no Unicode: bytes that aren't UTF-8, or half of a surrogate pair.")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"completion/complete","params":{"ref":{"type":"x"}}}""", -32602, "The params of 'completion/complete' are not what they must be at $.ref.")]
    public async Task A_message_of_no_shape_is_refused_under_its_id_and_the_next_one_is_served(string message, int code, string sentence)
    {
        await using var server = Start();

        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, message, Messages.Request(8, "ping"));
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        var error = lines.Reply(7).GetProperty("error");
        Assert.Equal((code, sentence), (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()));
        Assert.True(lines.Reply(8).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_cancellation_of_nothing_meets_no_later_request()
    {
        await using var server = Start();
        const string cancelled = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""";

        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, cancelled, Messages.Store(1, "The deploy key rotates on Mondays."), Messages.Find(2, "deploy key"));
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.True(lines.Reply(1).Structured().GetProperty("created").GetBoolean());
        Assert.Equal(1, lines.Reply(2).Structured().GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task A_text_of_ten_megabytes_gets_a_sentence()
    {
        await using var server = Start();

        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Store(1, new string('x', 10 * 1024 * 1024)));
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.True(IsError(lines.Reply(1)));
        Assert.Equal("The argument 'information' has 10,485,760 bytes; at most 1,048,576 are allowed. Split it into several memories.", lines.Reply(1).Text());
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_answered_under_its_id_and_not_kept()
    {
        await using var server = Start();

        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Store(1, new string('x', 40 * 1024 * 1024)), Messages.Request(2, "ping"));
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.Equal(-32600, lines.Reply(1).GetProperty("error").GetProperty("code").GetInt32());
        Assert.True(lines.Reply(2).TryGetProperty("result", out _));
    }

    private ServerProcess Start() => ServerProcess.Start([], new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path });

    private static bool IsError(JsonElement reply) =>
        reply.TryGetProperty("error", out _) || (reply.Result().TryGetProperty("isError", out var isError) && isError.GetBoolean());

    private async Task<int> CountAsync()
    {
        await using var server = ServerProcess.Start([], new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path, ["QDRANT_SEARCH_LIMIT"] = "100" });
        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Find(1, "memory"));
        server.CloseInput();
        return (await server.ReadToEndAsync()).Reply(1).Structured().GetProperty("results").GetArrayLength();
    }
}
