using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Containers;

/// <summary>What the compose files and the units promise of the containers that they run.</summary>
public sealed partial class ComposeFileTests
{
    private const string Compose = "docker-compose.yml";
    private const string Tests = "docker-compose.test.yml";

    [Fact]
    public void Every_service_has_few_rights_and_limits()
    {
        foreach (var (name, service) in Services(Compose))
        {
            Assert.True((bool)service!["read_only"]!, name);
            Assert.Equal("ALL", (string?)service["cap_drop"]![0]);
            Assert.Equal("no-new-privileges:true", (string?)service["security_opt"]![0]);
            Assert.DoesNotMatch("^0(:|$)", (string?)service["user"]);
            Assert.All(["mem_limit", "cpus", "pids_limit", "healthcheck"], limit => Assert.NotNull(service[limit]));
        }
    }

    [Fact]
    public void Only_this_machine_reaches_the_ports() =>
        Assert.All(Services(Compose).SelectMany(service => service.Value!["ports"]!.AsArray()), port => Assert.StartsWith("127.0.0.1:", (string?)port, StringComparison.Ordinal));

    [Fact]
    public void The_server_understands_its_variables() =>
        Assert.Empty(Services(Compose)["mcp-server"]!["environment"]!.AsObject().Select(variable => variable.Key).Except(Understood));

    /// <summary>Podman's compose merges every file that has one of the names it knows, and a list that stands in two of them has everything twice.</summary>
    [Fact]
    public void Both_engines_find_one_file()
    {
        string[] names = ["compose", "podman-compose", "docker-compose", "container-compose"];
        var found = from name in names
                    from between in (string[])["", ".override"]
                    from end in (string[])[".yml", ".yaml"]
                    let file = name + between + end
                    where File.Exists(Repository.File(file))
                    select file;

        Assert.Equal([Compose], found);
    }

    [Fact]
    public void Nothing_has_to_be_there_before_the_first_start()
    {
        var compose = Yaml.Read(Compose);

        Assert.Null(compose["secrets"]);
        Assert.All(compose["services"]!.AsObject(), service => Assert.Null(service.Value!["env_file"]));
        var sources = from service in compose["services"]!.AsObject()
                      from volume in service.Value!["volumes"]!.AsArray()
                      select ((string)volume!).Split(':')[0];
        Assert.Empty(sources.Except(compose["volumes"]!.AsObject().Select(volume => volume.Key)));
        Assert.DoesNotMatch(@"\$\{\w+(\}|:?\?)", File.ReadAllText(Repository.File(Compose)));
    }

    [Fact]
    public void The_server_makes_the_keys_and_Qdrant_reads_its_own_by_the_servers_group()
    {
        var (server, qdrant) = (Services(Compose)["mcp-server"]!, Services(Compose)["qdrant"]!);
        var keys = server["environment"]!.AsObject().Where(variable => variable.Key.EndsWith("_FILE", StringComparison.Ordinal)).ToDictionary(variable => variable.Key, variable => (string)variable.Value!);

        Assert.Contains("--create-keys", server["command"]!.AsArray().Select(argument => (string)argument!));
        Assert.Equal(["MCP_API_KEY_FILE", "QDRANT_API_KEY_FILE"], keys.Keys.Order());
        Assert.All(keys.Values, file => Assert.StartsWith("/keys/", file, StringComparison.Ordinal));
        Assert.Contains("keys:/keys", server["volumes"]!.AsArray().Select(volume => (string)volume!));
        Assert.Contains("keys:/keys:ro", qdrant["volumes"]!.AsArray().Select(volume => (string)volume!));
        Assert.Equal(((string)server["user"]!).Split(':')[1], (string?)qdrant["group_add"]![0]);
        var start = (string)qdrant["command"]![2]!;
        Assert.Contains(keys["QDRANT_API_KEY_FILE"], start, StringComparison.Ordinal);
        Assert.DoesNotContain(keys["MCP_API_KEY_FILE"], start, StringComparison.Ordinal);
    }

    /// <summary>What mounts an empty volume first becomes its owner with Podman.</summary>
    [Fact]
    public void The_server_mounts_the_keys_before_anybody_else()
    {
        foreach (var (name, service) in Services(Compose).Concat(Services(Tests)))
        {
            if (name != "mcp-server" && service!["volumes"]?.AsArray().Any(volume => ((string)volume!).StartsWith("keys:", StringComparison.Ordinal)) is true)
                Assert.NotNull(service["depends_on"]!["mcp-server"]);
        }
    }

    [Fact]
    public void Images_that_are_built_from_the_clone_have_names_that_no_registry_has()
    {
        var built = Services(Compose).Concat(Services(Tests)).Where(service => service.Value!["build"] is not null).ToList();

        Assert.Equal(["mcp-server", "tests"], built.Select(service => service.Key));
        Assert.All(built, service => Assert.Matches(@"^\$\{\w+:-localhost/", (string?)service.Value!["image"]));
    }

    [Fact]
    public void The_tests_run_the_same_services_and_publish_no_port()
    {
        var (own, tests) = (Services(Compose), Services(Tests));

        Assert.All(own, service =>
        {
            Assert.Equal(Compose, (string?)tests[service.Key]!["extends"]!["file"]);
            Assert.Equal(service.Key, (string?)tests[service.Key]!["extends"]!["service"]);
            Assert.Empty(tests[service.Key]!["ports"]!.AsArray());
        });
        Assert.Equal(Names(Yaml.Read(Compose)["volumes"]!), Names(Yaml.Read(Tests)["volumes"]!));
        Assert.NotEqual((string?)Yaml.Read(Compose)["name"], (string?)Yaml.Read(Tests)["name"]);
    }

    [Fact]
    public void The_tests_for_Podman_are_those_for_Docker()
    {
        var (docker, podman) = (Yaml.Read(Tests), Yaml.Read("podman-compose.test.yml"));

        Assert.Equal(Tests, (string?)podman["include"]![0]);
        Assert.Equal((string?)docker["name"], (string?)podman["name"]);
        Assert.Equal(docker["x-podman"]!.ToJsonString(), podman["x-podman"]!.ToJsonString());
        Assert.Equal(["include", "name", "x-podman"], Names(podman));
    }

    [Fact]
    public void Every_file_runs_the_same_Qdrant()
    {
        string[] files =
        [
            Compose, "deploy/quadlet/qdrant.container", "deploy/kube/qdrant.yaml", "deploy/helm/qdrant-values.yaml", "deploy/gitlab/container.gitlab-ci.yml",
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

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(item => item.Key).Order(StringComparer.Ordinal);

    private static JsonObject Services(string file) => Yaml.Read(file)["services"]!.AsObject();

    [GeneratedRegex(@"(?:docker\.io/qdrant/qdrant:|Tag = ""|\n  tag: )(v\d+\.\d+\.\d+)")]
    private static partial Regex QdrantVersion();
}
