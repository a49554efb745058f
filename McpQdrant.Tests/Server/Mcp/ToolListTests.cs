using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Deployment;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>What models read of the tools is written down in a file, so that no change of it goes unseen.</summary>
public sealed class ToolListTests
{
    private const string Update = "MCP_UPDATE_TOOL_LIST";

    /// <summary>Of UTF-8. The list is sent, and read by a model, in every conversation.</summary>
    private const int MaxBytes = 6 * 1024;

    /// <summary>With the arguments that an operator may add.</summary>
    private const int MaxBytesWithAdditions = 7 * 1024;

    private static readonly string Path = Repository.File("McpQdrant.Tests/Server/Mcp/tools-list.json");

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData(MaxBytes)]
    [InlineData(MaxBytes, "COLLECTION_NAME=notes", "MCP_COLLECTION_ARGUMENT=true")]
    [InlineData(MaxBytesWithAdditions, "QDRANT_ALLOW_ARBITRARY_FILTER=true", "MEMORY_DUPLICATE_THRESHOLD=0.9")]
    public async Task Tools_are_described_in_few_words(int most, params string[] settings)
    {
        await using var host = await ToolHost.StartAsync([.. settings.Select(setting => setting.Split('=')).Select(pair => (pair[0], pair[1]))]);

        var list = new ListToolsResult { Tools = [.. (await host.ToolsAsync()).Values] };

        var bytes = JsonSerializer.SerializeToUtf8Bytes(list, McpJsonUtilities.DefaultOptions).Length;
        Assert.True(bytes <= most, $"tools/list has {bytes} bytes.");
    }

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
