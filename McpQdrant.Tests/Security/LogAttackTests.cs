using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Security;

/// <summary>Callers whose words want to be lines of the log, in both of its formats, with all that is logged.</summary>
public sealed class LogAttackTests : IDisposable
{
    private const string Time = "1999-01-01T00:00:00Z";

    /// <summary>What would pass for another event, or move the cursor of whoever reads the log.</summary>
    private static readonly string[] Forgeries =
        [.. new[] { "\n", "\r", "\r\n", "\u001b[2K\r", "\u0085", "\u2028", "\v", "\f", "\b\b\b", "\u202e", "\u009b2K" }
            .Select(breaking => $"x{breaking}{Time} info: McpQdrant.Audit[1] admin qdrant-forget notes (null) forged")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Over_HTTP_no_word_of_a_caller_becomes_a_line(string format)
    {
        var file = _folder.Write("access.json", AccessServer.File(AccessServer.Entry("eve", ["own-*"], read: true, write: true, forget: true)));
        await using var server = await HttpServerProcess.StartAsync(Environment(format, ("MCP_ACCESS_FILE", file)));

        foreach (var forgery in Forgeries)
        {
            foreach (var message in Messages(forgery))
                await SendAsync(server.Address, message, AccessServer.KeyOf("eve"));
            await SendAsync(new Uri(server.Address, $"/mcp/{Uri.EscapeDataString(forgery)}"), "{}", AccessServer.KeyOf("eve"));
            await SendAsync(new Uri(server.Address, $"/mcp?{Uri.EscapeDataString(forgery)}"), "{}", "unknown");
            await RawHttp.SendAsync(server.Address, RawHttp.Post("Host: evil.example\r\n", "{}", $"/{Uri.EscapeDataString(forgery)}"));
        }
        server.Process.Signal(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        await server.Process.WaitForExitAsync();

        AssertClean(format, server.Process.Errors);

        async Task SendAsync(Uri address, string body, string key)
        {
            using var request = HttpServerProcess.Request(address, body);
            request.Headers.Add("X-API-Key", key);
            using var response = await server.Client.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Over_stdio_no_word_of_a_caller_becomes_a_line(string format)
    {
        await using var server = ServerProcess.Start([], Environment(format, ("MCP_COLLECTIONS", "own-*")));

        await server.WriteAsync(Protocol.Messages.Initialize(), Protocol.Messages.Initialized);
        foreach (var forgery in Forgeries)
        {
            await server.WriteAsync(Messages(forgery));
            if (!forgery.Contains('\n', StringComparison.Ordinal))
                await server.WriteAsync(forgery, $"{{\"{forgery}", $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"{forgery}\":1}}");
        }
        server.CloseInput();
        await server.ReadToEndAsync();
        await server.WaitForExitAsync();

        AssertClean(format, server.Errors);
    }

    private static IEnumerable<string> Messages(string forgery)
    {
        foreach (var collection in new[] { forgery, $"own-{forgery}" })
        {
            yield return Protocol.Messages.Store(1, "x", collection);
            yield return Protocol.Messages.Find(1, forgery, collection);
            yield return Protocol.Messages.Call(1, "qdrant-forget", new JsonObject { ["ids"] = new JsonArray(forgery), ["collection_name"] = collection });
            yield return Protocol.Messages.Call(1, "qdrant-forget", new JsonObject { ["ids"] = new JsonArray("1"), ["collection_name"] = collection });
            yield return Protocol.Messages.Request(1, "resources/read", new JsonObject { ["uri"] = $"memory://{Uri.EscapeDataString(collection)}/{Uri.EscapeDataString(forgery)}" });
            yield return Protocol.Messages.Request(1, "resources/read", new JsonObject { ["uri"] = $"memory://{collection}" });
        }
        yield return Protocol.Messages.Call(1, "qdrant-find", new JsonObject { ["query"] = "x", ["collection_name"] = "own-x", [forgery] = forgery });
        yield return Protocol.Messages.Call(1, "qdrant-forget", new JsonObject { ["filter"] = new JsonObject { [forgery] = forgery }, ["collection_name"] = "own-x" });
        yield return Protocol.Messages.Call(1, forgery, new JsonObject { ["query"] = "x" });
        yield return Protocol.Messages.Request(1, forgery);
        yield return Protocol.Messages.Request(1, "prompts/get", new JsonObject { ["name"] = forgery });
        yield return Protocol.Messages.Request(1, "logging/setLevel", new JsonObject { ["level"] = forgery });
        yield return Protocol.Messages.Request(1, "initialize", new JsonObject
        {
            ["protocolVersion"] = forgery,
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = forgery, ["version"] = forgery },
        });
        yield return $$"""{"jsonrpc":"2.0","method":{{JsonSerializer.Serialize(forgery)}}}""";
    }

    private static void AssertClean(string format, string log)
    {
        Assert.Contains("forged", log, StringComparison.Ordinal);   // the words did come to be logged
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.DoesNotContain(line, IsUnsafe);
            if (format == "json")
                Assert.NotEqual("admin", JsonElement.Parse(line).GetProperty("State").TryGetProperty("Caller", out var caller) ? caller.GetString() : "");
            else
                Assert.Matches("^2[0-9-]{9}T[0-9:]{8}Z (dbug|info|warn|fail|crit): ", line);
        }
    }

    private static bool IsUnsafe(char character) => char.IsControl(character) || character is '\u2028' or '\u2029' or '\u202e';

    private static Dictionary<string, string?> Environment(string format, params (string Name, string Text)[] more) =>
        new Dictionary<string, string?>
        {
            ["QDRANT_URL"] = ":memory:",
            ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel,
            ["MCP_LOG_FORMAT"] = format,
            ["FASTMCP_LOG_LEVEL"] = "DEBUG",
        }.Concat(more.ToDictionary(setting => setting.Name, setting => (string?)setting.Text)).ToDictionary();
}
