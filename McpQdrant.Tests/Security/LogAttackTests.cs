using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Security;

/// <summary>Arguments that would pass for lines of the log.</summary>
public sealed class LogAttackTests
{
    private const string Forged = "notes\r\n2026-01-01T00:00:00Z warn: McpQdrant.Audit[1] default qdrant-store forged\u2028\u0085\u001b[2K{\"forged\":1}";

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task No_argument_begins_a_line_of_the_log(string format)
    {
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?>
        {
            ["QDRANT_URL"] = ":memory:",
            ["MCP_LOG_FORMAT"] = format,
            ["FASTMCP_LOG_LEVEL"] = "DEBUG",
            ["MCP_COLLECTIONS"] = "notes",
            ["MCP_ALLOWED_HOSTS"] = "memory.example.com",
        });

        await server.CallAsync(Messages.Store(1, Forged));
        await server.CallAsync(Messages.Store(2, "x", collection: Forged));
        await server.CallAsync(Messages.Store(3, "x", collection: "elsewhere\nforged"));
        await server.CallAsync(Messages.Find(4, Forged));
        await server.CallAsync(Messages.Call(5, Forged, []));
        await server.CallAsync(Messages.Request(6, Forged));
        await server.CallAsync(Messages.Call(7, "qdrant-forget", new JsonObject { ["collection_name"] = "notes", ["filter"] = new JsonObject { [Forged] = 1 } }));
        await server.CallAsync(Messages.Request(8, "resources/read", new JsonObject { ["uri"] = $"memory://{Forged}" }));
        server.Process.Signal(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        await server.Process.WaitForExitAsync();

        var lines = server.Process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.Contains("McpQdrant.Audit", StringComparison.Ordinal));
        if (format == "json")
            Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, JsonElement.Parse(line).ValueKind));
        else
            Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (trce|dbug|info|warn|fail|crit): ", line));
        Assert.All(lines, line => Assert.DoesNotContain("\u001b", line, StringComparison.Ordinal));
    }
}
