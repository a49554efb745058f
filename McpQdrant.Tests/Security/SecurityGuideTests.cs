using System.Text.RegularExpressions;
using McpQdrant.Server.Access;
using McpQdrant.Server.Configuration;
using McpQdrant.Tests.Configuration;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Security;

public sealed partial class SecurityGuideTests
{
    private static readonly string Guide = File.ReadAllText(Repository.File("docs/security.md"));

    [Fact]
    public void Every_setting_in_the_guide_exists()
    {
        var told = SettingNames().Matches(Guide).Select(match => match.Value).Distinct().ToArray();

        Assert.NotEmpty(told);
        Assert.All(told, name => Assert.Contains(Settings.All, setting => setting.Names.Contains(name) || (setting.IsSecret && setting.Names.Contains(name.Replace("_FILE", "", StringComparison.Ordinal)))));
    }

    [Fact]
    public void Every_setting_of_access_and_limits_is_in_the_guide()
    {
        var groups = Settings.Groups.Where(group => group.Title is "Access" or "Limits").ToArray();

        Assert.Equal(2, groups.Length);
        Assert.All(groups.SelectMany(group => group.Settings), setting => Assert.Contains($"{setting.Name}", Guide, StringComparison.Ordinal));
    }

    [Fact]
    public void The_hardened_example_is_good()
    {
        using var folder = new TemporaryFolder();
        (string Name, string Text)[] example =
            [.. Export().Matches(Guide).Select(match => (match.Groups[1].Value, match.Groups[2].Value.StartsWith('/') ? folder.Write(match.Groups[1].Value, "{}") : match.Groups[2].Value))];

        var values = Load.Environment([("MCP_TRANSPORT", "http"), .. example]);

        Assert.Empty(values.Warnings);
        Assert.Contains(example, setting => setting.Name == "FASTMCP_HOST");
        CollectionPrefix.Check(values.Get(Settings.CollectionPrefix)!);
    }

    [GeneratedRegex("(?:MCP|QDRANT|FASTMCP)_[A-Z_]+[A-Z]")]
    private static partial Regex SettingNames();

    [GeneratedRegex("^export ([A-Z_]+)=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Export();
}
