using System.Text.Json;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Server.Hosting;

public sealed class ServerLoggingTests
{
    [Fact]
    public async Task Logs_are_lines_of_JSON_on_request_and_not_on_standard_output()
    {
        await using var server = ServerProcess.Start([], new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = ":memory:", ["MCP_LOG_FORMAT"] = "json" });

        await server.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        server.CloseInput();
        var output = await server.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal("""{"result":{},"id":1,"jsonrpc":"2.0"}""", Assert.Single(output));
        var lines = server.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToArray();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.True(line.GetProperty("Timestamp").TryGetDateTimeOffset(out _) && line.TryGetProperty("Message", out _)));
    }
}
