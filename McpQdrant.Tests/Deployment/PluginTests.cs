using System.Text.Json;
using System.Xml.Linq;
using McpQdrant.Core.Access;
using McpQdrant.Server.Cli;
using YamlDotNet.Serialization;

namespace McpQdrant.Tests.Deployment;

/// <summary>What clients read of the plugins is what they expect, and calls what this program has.</summary>
public sealed class PluginTests
{
    private static readonly Dictionary<string, string> EventsOfHooks = new()
    {
        ["SessionStart"] = "session-start",
        ["UserPromptSubmit"] = "user-prompt",
        ["PreCompact"] = "pre-compact",
        ["SessionEnd"] = "session-end",
        ["Stop"] = "session-end",
        ["BeforeAgent"] = "user-prompt",
        ["PreCompress"] = "pre-compact",
        ["sessionStart"] = "session-start",
        ["preCompact"] = "pre-compact",
        ["sessionEnd"] = "session-end",
    };

    private static string Plugins => Repository.File("plugins");

    public static TheoryData<string> HookFiles => [.. Directory.GetFiles(Plugins, "hooks.json", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Plugins, path))];

    [Theory]
    [MemberData(nameof(HookFiles))]
    public void Each_event_calls_its_hook(string file)
    {
        var events = Read(Path.Combine("plugins", file)).GetProperty("hooks").EnumerateObject().ToList();

        Assert.True(events.Count >= 3);
        foreach (var one in events)
        {
            var hook = Assert.Single(one.Value.EnumerateArray());
            var call = hook.TryGetProperty("hooks", out var nested) ? Assert.Single(nested.EnumerateArray()) : hook;
            Assert.Equal($"mcp-server-qdrant hook {EventsOfHooks[one.Name]}", call.GetProperty("command").GetString());
            Assert.True(call.GetProperty("timeout").GetInt32() >= 10);
        }
    }

    [Theory]
    [InlineData("plugins/claude-code/.mcp.json")]
    [InlineData("plugins/gemini/gemini-extension.json")]
    [InlineData("plugins/cursor/mcp.json")]
    public void Each_entry_of_a_server_starts_this_program_over_stdio(string file)
    {
        var server = Assert.Single(Read(file).GetProperty("mcpServers").EnumerateObject()).Value;

        var arguments = server.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!).ToArray();
        Assert.Equal("mcp-server-qdrant", server.GetProperty("command").GetString());
        Assert.Equal(["--transport", "stdio"], arguments);
        Assert.Empty(CommandLine.Create().Parse(arguments).Errors);
    }

    [Theory]
    [InlineData("plugins/claude-code/.claude-plugin/plugin.json")]
    [InlineData("plugins/gemini/gemini-extension.json")]
    public void Versions_are_the_programs(string file)
    {
        var version = XDocument.Load(Repository.File("Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.Equal(version, Read(file).GetProperty("version").GetString());
    }

    [Fact]
    public void The_marketplace_leads_to_the_plugin()
    {
        var entry = Assert.Single(Read(".claude-plugin/marketplace.json").GetProperty("plugins").EnumerateArray());

        var plugin = Read($"{entry.GetProperty("source").GetString()}/.claude-plugin/plugin.json");
        Assert.Equal(entry.GetProperty("name").GetString(), plugin.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("commands/remember.md")]
    [InlineData("commands/recall.md")]
    [InlineData("skills/memory/SKILL.md")]
    public void Commands_and_the_skill_have_a_description_and_name_tools_that_there_are(string file)
    {
        var text = File.ReadAllText(Repository.File($"plugins/claude-code/{file}")).ReplaceLineEndings("\n");
        var parts = text.Split("---\n", 3);

        var fields = new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(parts[1]);
        Assert.Equal("", parts[0]);
        Assert.InRange(fields["description"].Length, 10, 1024);
        if (fields.TryGetValue("name", out var name))
            Assert.Equal(name, Path.GetFileName(Path.GetDirectoryName(file)));
        else
            Assert.Contains("$ARGUMENTS", parts[2], StringComparison.Ordinal);
        var tools = Enum.GetValues<ToolName>().Select(tool => tool.ProtocolName()).ToList();
        var named = System.Text.RegularExpressions.Regex.Matches(parts[2], "qdrant-[a-z]+").Select(match => match.Value).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, tool => Assert.Contains(tool, tools));
    }

    private static JsonElement Read(string path) => JsonElement.Parse(File.ReadAllText(Repository.File(path)));
}
