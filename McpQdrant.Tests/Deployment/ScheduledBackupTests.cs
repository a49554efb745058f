using System.CommandLine;
using System.Text.Json.Nodes;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Containers;

namespace McpQdrant.Tests.Deployment;

/// <summary>What makes backups by itself calls a command that the program has, with variables that it understands.</summary>
public sealed class ScheduledBackupTests
{
    private const string Compose = "deploy/compose/backup.yml";
    private const string Unit = "deploy/systemd/mcp-server-qdrant-backup";

    private static JsonObject ComposeService => Yaml.Read(Compose)["services"]!["backup"]!.AsObject();

    private static JsonObject CronJob => KubeFile.Read("ingress").Only("CronJob")!;

    [Fact]
    public void The_command_is_one_of_the_program()
    {
        var unit = File.ReadLines(Repository.File($"{Unit}.service")).Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        string[][] commands =
        [
            unit.Split("mcp-server-qdrant ")[1].Replace("${BACKUP_FOLDER}", "/backups", StringComparison.Ordinal).Split(' '),
            Texts(ComposeService["command"]!),
            Texts(KubeFile.ContainersOf(KubeFile.PodSpecOf(CronJob)!).Single()["args"]!),
        ];

        Assert.All(commands, command =>
        {
            Assert.Equal("backup", command[0]);
            Assert.Empty(CommandLine.Create().Parse(command).Errors);
        });
    }

    [Fact]
    public void The_variables_are_understood()
    {
        var understood = Settings.All.SelectMany(setting => (IEnumerable<string>)[setting.Name, $"{setting.Name}_FILE"]);
        var ofPod = KubeFile.ContainersOf(KubeFile.PodSpecOf(CronJob)!).Single()["env"]!.AsArray().Select(variable => (string)variable!["name"]!);

        Assert.Empty(ComposeService["environment"]!.AsObject().Select(variable => variable.Key).Concat(ofPod).Except(understood));
    }

    /// <summary>It is no part of what <c>up</c> starts, and knows the same Qdrant, key and image as the server.</summary>
    [Fact]
    public void The_service_of_the_compose_file_fits_the_others()
    {
        var server = Yaml.Read("docker-compose.yml")["services"]!["mcp-server"]!;

        Assert.Equal(["backup"], Texts(ComposeService["profiles"]!));
        Assert.All(["image", "user"], field => Assert.Equal((string?)server[field], (string?)ComposeService[field]));
        Assert.All(["QDRANT_URL", "QDRANT_API_KEY_FILE"], variable => Assert.Equal((string?)server["environment"]![variable], (string?)ComposeService["environment"]![variable]));
        Assert.Equal(server["cap_drop"]!.ToJsonString(), ComposeService["cap_drop"]!.ToJsonString());
        Assert.True((bool)ComposeService["read_only"]!);
    }

    [Fact]
    public void The_job_is_none_of_the_servers_that_get_requests()
    {
        var labels = CronJob["spec"]!["jobTemplate"]!["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();
        var selector = KubeFile.Read("ingress").Only("Service")!["spec"]!["selector"]!.AsObject();

        Assert.Contains(selector, label => (string?)labels[label.Key] != (string?)label.Value);
        Assert.NotNull(KubeFile.Read("ingress").Only("PersistentVolumeClaim"));
    }

    [Fact]
    public void The_timer_is_installed_and_starts_the_service()
    {
        var lines = File.ReadAllLines(Repository.File($"{Unit}.timer"));

        Assert.Contains("WantedBy=timers.target", lines);
        Assert.Contains(lines, line => line.StartsWith("OnCalendar=", StringComparison.Ordinal));
        Assert.True(File.Exists(Repository.File($"{Unit}.service")));
    }

    private static string[] Texts(JsonNode array) => [.. array.AsArray().Select(item => item!.ToString())];
}
