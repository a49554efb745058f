using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Containers;

namespace McpQdrant.Tests.Deployment;

/// <summary>What catalogues and clients are told of this server, in several places, is the same, and current.</summary>
public sealed partial class CatalogueTests
{
    [Fact]
    public async Task Links_and_tools_are_what_the_script_writes()
    {
        using var folder = new TemporaryFolder();
        string[] files = ["README.md", "docs/clients.md", "deploy/docker-mcp/tools.json"];
        foreach (var file in (string[])[.. files, "scripts/catalogue.py", "scripts/package.py", "McpQdrant.Tests/Server/Mcp/tools-list.json"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
            File.Copy(Repository.File(file), folder.File(file));
        }

        var (code, output) = await Script.RunAsync("python3", [folder.File("scripts/catalogue.py")]);

        Assert.True(code == 0, output);
        Assert.All(files, file => Assert.True(File.ReadAllText(Repository.File(file)) == File.ReadAllText(folder.File(file)), $"{file} is not current: run scripts/catalogue.py."));
    }

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("Containerfile")]
    public void Label_of_the_image_and_entry_of_the_catalogue_have_the_same_settings(string file)
    {
        var label = Yaml.Parse(Label().Match(File.ReadAllText(Repository.File(file))).Groups[1].Value);
        var entry = Yaml.Read("deploy/docker-mcp/server.yaml");
        var config = entry["config"]!;

        Assert.Equal(Pairs(config["env"]!, "name", "value"), Pairs(label["env"]!, "name", "value"));
        Assert.Equal(Pairs(config["secrets"]!, "name", "env"), Pairs(label["secrets"]!, "name", "env"));
        Assert.Equal(entry["run"]!["command"]!.ToJsonString(), label["command"]!.ToJsonString());
        Assert.Equal(entry["run"]!["volumes"]!.ToJsonString(), label["volumes"]!.ToJsonString());
        Assert.Equal(config["parameters"]!["properties"]!.AsObject().Select(property => property.Key), label["config"]![0]!["properties"]!.AsObject().Select(property => property.Key));
        Assert.All(
            Pairs(config["env"]!, "name", "value").Select(pair => pair.Item1).Concat(Pairs(config["secrets"]!, "env", "name").Select(pair => pair.Item1)),
            name => Assert.Contains(Settings.All, setting => setting.Name == name));

        static List<(string?, string?)> Pairs(JsonNode list, string first, string second) => [.. list.AsArray().Select(item => ((string?)item![first], (string?)item[second]))];
    }

    [Fact]
    public void Every_way_that_needs_a_release_is_marked()
    {
        var unmarked = new List<string>();
        var (before, last, inBlock, block) = ("", "", false, "");
        foreach (var line in File.ReadLines(Repository.File("docs/clients.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (inBlock && NeedsRelease().IsMatch(block) && !before.Contains('◇', StringComparison.Ordinal))
                    unmarked.Add(block);
                (inBlock, block) = (!inBlock, "");
            }
            else if (inBlock)
            {
                block += line + "\n";
            }
            else
            {
                if (line.StartsWith('|') && NeedsRelease().IsMatch(line) && !line.Contains('◇', StringComparison.Ordinal))
                    unmarked.Add(line);
                // A paragraph's mark is for the blocks between it and the next one.
                if (line.Length > 0)
                    before = last.Length == 0 ? line : $"{before} {line}";
            }
            last = line;
        }

        Assert.Empty(unmarked);
    }

    [GeneratedRegex("io\\.docker\\.server\\.metadata=\"(.*)\"")]
    private static partial Regex Label();

    [GeneratedRegex("\\b(dnx|npx|uvx|ghcr\\.io|releases/latest|brew|winget)\\b")]
    private static partial Regex NeedsRelease();
}
