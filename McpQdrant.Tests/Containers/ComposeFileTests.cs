using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Containers;

/// <summary>What the compose files, the units and the pod promise of the containers that they run.</summary>
public sealed partial class ComposeFileTests
{
    public static TheoryData<string> ComposeFiles => ["docker-compose.yml", "podman-compose.yml"];

    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void Every_service_has_few_rights_and_limits(string file)
    {
        foreach (var (name, service) in Services(file))
        {
            Assert.True((bool)service!["read_only"]!, name);
            Assert.Equal("ALL", (string?)service["cap_drop"]![0]);
            Assert.Equal("no-new-privileges:true", (string?)service["security_opt"]![0]);
            Assert.DoesNotMatch("^0(:|$)", (string?)service["user"]);
            Assert.All(["mem_limit", "cpus", "pids_limit", "healthcheck"], limit => Assert.NotNull(service[limit]));
        }
    }

    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void Only_this_machine_reaches_the_ports(string file) =>
        Assert.All(Services(file).SelectMany(service => service.Value!["ports"]!.AsArray()), port => Assert.StartsWith("127.0.0.1:", (string?)port, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(ComposeFiles))]
    public void The_server_waits_for_Qdrant_and_understands_its_variables(string file)
    {
        var server = Services(file)["mcp-server"]!;

        Assert.Equal("service_healthy", (string?)server["depends_on"]!["qdrant"]!["condition"]);
        Assert.Empty(server["environment"]!.AsObject().Select(variable => variable.Key).Except(Understood));
    }

    [Fact]
    public void The_files_for_Docker_and_Podman_differ_in_what_Podman_needs_alone()
    {
        var (docker, podman) = (Yaml.Read("docker-compose.yml"), Yaml.Read("podman-compose.yml"));

        podman.Remove("x-podman");
        foreach (var (_, service) in podman["services"]!.AsObject())
        {
            service!.AsObject().Remove("labels");
            (service["build"] as JsonObject)?.Remove("dockerfile");
        }
        foreach (var (_, secret) in podman["secrets"]!.AsObject())
            secret!.AsObject().Remove("x-podman.relabel");

        Assert.Equal(docker.ToJsonString(), podman.ToJsonString());
    }

    [Fact]
    public void Every_file_runs_the_same_Qdrant()
    {
        string[] files =
        [
            "docker-compose.yml", "podman-compose.yml", "deploy/quadlet/qdrant.container", "deploy/kube/mcp-qdrant.yaml", "deploy/gitlab/container.gitlab-ci.yml",
            "aspire-manifest.json", "McpQdrant.Hosting/Qdrant/QdrantImage.cs", "README.md",
        ];

        var versions = files.Select(file => QdrantVersion().Match(File.ReadAllText(Repository.File(file))).Groups[1].Value);

        Assert.Single(versions.Distinct(), version => version.Length > 0);
    }

    [Theory]
    [InlineData("deploy/quadlet/mcp-server-qdrant.container")]
    [InlineData("deploy/quadlet/qdrant.container")]
    public void Every_unit_has_few_rights_and_says_when_it_is_healthy(string file)
    {
        var lines = File.ReadAllLines(Repository.File(file));

        Assert.All(
            ["ReadOnly=true", "DropCapability=ALL", "NoNewPrivileges=true", "AutoUpdate=registry"], line => Assert.Contains(line, lines));
        Assert.All(["UserNS=keep-id:", "HealthCmd=[", "PublishPort=127.0.0.1:"], start => Assert.Contains(lines, line => line.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_servers_unit_sets_variables_that_it_understands()
    {
        var variables = File.ReadLines(Repository.File("deploy/quadlet/mcp-server-qdrant.container"))
            .Where(line => line.StartsWith("Environment=", StringComparison.Ordinal))
            .SelectMany(line => line["Environment=".Length..].Split(' '))
            .Select(variable => variable.Split('=')[0]);

        Assert.Empty(variables.Except(Understood));
    }

    private static IEnumerable<string> Understood =>
        Settings.All.SelectMany(setting => (IEnumerable<string>)[setting.Name, $"{setting.Name}_FILE", .. setting.Synonyms]);

    private static JsonObject Services(string file) => Yaml.Read(file)["services"]!.AsObject();

    [GeneratedRegex(@"(?:docker\.io/qdrant/qdrant:|Tag = "")(v\d+\.\d+\.\d+)")]
    private static partial Regex QdrantVersion();
}
