using System.Text.Json;
using System.Text.RegularExpressions;
using McpQdrant.Core.Access;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Docs;

/// <summary>What the pages say of each other and of the program is true.</summary>
public sealed partial class PageTests
{
    /// <summary>Variables of others that begin like ours: the compose files', Aspire's (of a resource named memory too), a reader's, and the tests'.</summary>
    private static readonly string[] Others =
    [
        "MCP_PORT", "MCP_IMAGE", "QDRANT_PORT", "QDRANT_TEST_URL", "QDRANT_TEST_GRPC_URL", "QDRANT_TEST_API_KEY", "QDRANT_HTTPURI", "QDRANT_APIKEY", "MEMORY_KEY",
        "MEMORY_URI", "MEMORY_APIKEY",
    ];

    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    public static TheoryData<string> Paths => new(Page.All.Select(page => page.Path));

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_link_leads_somewhere(string path)
    {
        var page = Page.All.Single(one => one.Path == path);

        Assert.All(page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)), link =>
        {
            var parts = link.Split('#');
            var target = parts[0].Length == 0 ? path : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, parts[0])).Replace('\\', '/');
            Assert.True(Path.Exists(Repository.File(target)), $"{link}: there is no {target}");
            if (parts.Length > 1)
                Assert.Contains(parts[1], Page.All.Single(one => one.Path == target).Anchors);
        });
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_block_of_json_is_json(string path) =>
        Assert.All(Page.All.Single(page => page.Path == path).Blocks.Where(block => block.Language is "json" or "jsonc"), block => JsonDocument.Parse(block.Text, WithComments).Dispose());

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_setting_that_is_named_exists(string path)
    {
        var known = Settings.All.SelectMany(setting => setting.Names).Concat(Others).ToHashSet();
        var named = Names().Matches(Page.All.Single(page => page.Path == path).Text).Select(match => match.Value).Distinct();

        // Any setting that is a secret may come from a file.
        Assert.DoesNotContain(named, name => !known.Contains(name) && !known.Contains(name.Replace("_FILE", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_tool_is_described()
    {
        var text = string.Concat(Page.All.Select(page => page.Text));

        Assert.All(Enum.GetValues<ToolName>(), tool => Assert.Contains($"`{tool.ProtocolName()}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_is_described()
    {
        var text = string.Concat(Page.All.Where(page => page.Path.StartsWith("docs/", StringComparison.Ordinal) || page.Path == "README.md").Select(page => page.Text));

        Assert.All(CommandLine.Create().Subcommands, command => Assert.Contains($"mcp-server-qdrant {command.Name}", text, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(?<![A-Z_$])(MCP|QDRANT|EMBEDDING|MEMORY|FASTMCP|COLLECTION|TOOL)_[A-Z][A-Z_]*[A-Z]\b")]
    private static partial Regex Names();
}
