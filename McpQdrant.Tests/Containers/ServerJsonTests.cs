using System.Text.Json.Nodes;
using System.Xml.Linq;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Containers;

/// <summary>Holds <c>server.json</c> against the server, the image and the tool that it describes to registries.</summary>
public sealed class ServerJsonTests
{
    private static readonly JsonObject Description = JsonNode.Parse(File.ReadAllText(Repository.File("server.json")))!.AsObject();

    [Fact]
    public void Description_keeps_to_what_the_schema_allows()
    {
        Assert.Matches("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", (string?)Description["name"]);
        Assert.InRange(((string?)Description["description"])!.Length, 1, 100);
        Assert.All(Packages, package => Assert.Equal("stdio", (string?)package["transport"]!["type"]));
    }

    [Fact]
    public void Version_is_the_projects_everywhere()
    {
        var version = XDocument.Load(Repository.File("Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.Equal(version, (string?)Description["version"]);
        Assert.Equal(version, (string?)Package("nuget")["version"]);
        Assert.EndsWith($":{version}", (string?)Package("oci")["identifier"], StringComparison.Ordinal);
    }

    [Fact]
    public void Image_and_tool_are_the_ones_that_are_published_under_the_name()
    {
        var project = XDocument.Load(Repository.File("McpQdrant.Server/McpQdrant.Server.csproj"));

        Assert.Contains($"io.modelcontextprotocol.server.name=\"{Description["name"]}\"", File.ReadAllText(Repository.File("Dockerfile")), StringComparison.Ordinal);
        Assert.Equal(project.Descendants("PackageId").Single().Value, (string?)Package("nuget")["identifier"]);
    }

    [Fact]
    public void Arguments_and_variables_are_the_servers()
    {
        var arguments = Packages.SelectMany(package => package["packageArguments"]!.AsArray()).Select(argument => (string?)argument!["name"]);
        var variables = Packages.SelectMany(package => package["environmentVariables"]!.AsArray()).Select(variable => (string?)variable!["name"]);

        Assert.Empty(arguments.Except(Settings.All.Select(setting => setting.Option)));
        Assert.Empty(variables.Except(Settings.All.Select(setting => setting.Name)));
    }

    private static IEnumerable<JsonNode> Packages => Description["packages"]!.AsArray()!;

    private static JsonNode Package(string registry) => Packages.Single(package => (string?)package["registryType"] == registry);
}
