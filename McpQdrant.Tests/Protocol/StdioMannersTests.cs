using System.Text.Json;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Protocol;

/// <summary>What real clients send over standard input that is a little beside the specification, and odd inputs at the start.</summary>
public sealed class StdioMannersTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":9,"method":"ping"}""";

    [Fact]
    public async Task A_byte_order_mark_before_the_first_line_is_passed_over()
    {
        var lines = await AnswersAsync($"\uFEFF{Messages.Initialize(1)}", Ping);

        Assert.Equal("2025-06-18", lines.Reply(1).Result().GetProperty("protocolVersion").GetString());
        Assert.True(lines.Reply(9).TryGetProperty("result", out _));
    }

    [Theory]
    [InlineData("""{"protocolVersion":"2027-01-01","capabilities":{},"clientInfo":{"name":"x","version":"1"}}""")]
    [InlineData("""{"protocolVersion":"2026-07-28","capabilities":{}}""")]
    [InlineData("{}")]
    public async Task A_client_that_is_newer_or_says_little_of_itself_can_connect(string parameters)
    {
        var lines = await AnswersAsync($$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{parameters}}}""");

        Assert.Equal("2025-11-25", lines.Reply(1).Result().GetProperty("protocolVersion").GetString());
    }

    [Fact]
    public async Task What_is_sent_right_after_initialize_waits_until_the_version_is_agreed_on()
    {
        const string OfAnotherVersion =
            """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""";

        var lines = await AnswersAsync(Messages.Initialize(1), OfAnotherVersion, Ping);

        Assert.Equal("2025-06-18", lines.Reply(1).Result().GetProperty("protocolVersion").GetString());
        Assert.True(lines.Reply(9).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_batch_is_served_in_its_order_an_answer_a_line()
    {
        var lines = await AnswersAsync(
            Messages.Initialize(), Messages.Initialized,
            $"[{Messages.Store(1, "Lunch is at noon.")},{Messages.Initialized},{Messages.Find(2, "lunch")},{{\"jsonrpc\":\"2.0\",\"id\":3}},[{Ping}]]", "[]");

        Assert.Equal(6, lines.Count);
        Assert.Equal(1, lines.Reply(2).Structured().GetProperty("results").GetArrayLength());
        Assert.Equal(-32600, lines.Reply(3).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"ping","params":DEEP,"id":7}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":12345678901234567890,"method":"ping"}""", "12345678901234567890")]
    [InlineData("""{"jsonrpc":"1.0","id":"é","method":"ping"}""", "\"é\"")]
    [InlineData("""{"jsonrpc":2.0,"id":7,"method":"ping"}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping" """, "7")]
    public async Task An_id_comes_back_where_it_can_be_read(string line, string id)
    {
        var lines = await AnswersAsync(line.Replace("DEEP", $"{new string('[', 5000)}{new string(']', 5000)}", StringComparison.Ordinal), Ping);

        var refusal = Assert.Single(lines, answer => answer.Contains("\"error\"", StringComparison.Ordinal));
        Assert.Equal(id, JsonElement.Parse(refusal).GetProperty("id").GetRawText());
        Assert.Single(lines, answer => answer.Contains("\"result\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\r")]
    [InlineData(" \r ")]
    public async Task A_carriage_return_within_a_message_is_a_space(string space)
    {
        var lines = await AnswersAsync($$"""{"jsonrpc":"2.0",{{space}}"id":1,"method":"ping"}{{space}}""");

        Assert.True(lines.Reply(1).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task An_id_can_be_used_again_when_its_request_has_ended()
    {
        await using var server = Start();

        for (var round = 0; round < 3; round++)
        {
            await server.WriteAsync(Messages.Store(1, $"Note {round}"), """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""", Ping);
            string? line;
            do
                line = await server.ReadLineAsync();
            while (line is not null && !line.Contains("\"id\":9", StringComparison.Ordinal));
            await EndsAsync(server, id: 1);
        }
    }

    [Fact]
    public async Task An_empty_input_is_an_end_like_any_other()
    {
        await using var server = ServerProcess.Start("/bin/sh", ["-c", "exec \"$0\" </dev/null", ServerProcess.Binary], Environment);

        Assert.Equal(0, await server.WaitForExitAsync());
    }

    private static Dictionary<string, string?> Environment { get; } = new() { ["QDRANT_LOCAL_PATH"] = ":memory:", ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel };

    private static ServerProcess Start() => ServerProcess.Start([], Environment);

    private static async Task<IReadOnlyList<string>> AnswersAsync(params string[] lines)
    {
        await using var server = Start();
        await server.WriteAsync(lines);
        server.CloseInput();
        var answers = await server.ReadToEndAsync();
        Assert.Equal(0, await server.WaitForExitAsync());
        return answers;
    }

    /// <summary>Pings under the id until it is served: as long as the request before is under way, it is refused.</summary>
    private static async Task EndsAsync(ServerProcess server, int id)
    {
        while (true)
        {
            await server.WriteAsync(Messages.Request(id, "ping"));
            var answer = JsonElement.Parse((await server.ReadLineAsync())!);
            if (answer.TryGetProperty("result", out var result) && !result.TryGetProperty("content", out _))
                return;
        }
    }
}
