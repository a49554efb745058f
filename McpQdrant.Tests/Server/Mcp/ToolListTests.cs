using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Deployment;
using ModelContextProtocol;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>What models read of the tools is written down in a file, so that no change of it goes unseen.</summary>
public sealed class ToolListTests
{
    private const string Update = "MCP_UPDATE_TOOL_LIST";

    private static readonly string Path = Repository.File("McpQdrant.Tests/Server/Mcp/tools-list.json");

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Tools_are_described_as_in_the_file()
    {
        await using var host = await ToolHost.StartAsync(("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));

        var tools = new JsonArray([.. (await host.ToolsAsync()).OrderBy(tool => tool.Key, StringComparer.Ordinal)
            .Select(tool => JsonSerializer.SerializeToNode(tool.Value, McpJsonUtilities.DefaultOptions))]);
        var text = tools.ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable(Update) is not null)
            await File.WriteAllTextAsync(Path, text, TestContext.Current.CancellationToken);

        Assert.True(
            text == await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken),
            $"The tools are not as in {Path}. If that is wanted, run this test with {Update}=1 and look at what changed.");
    }
}
