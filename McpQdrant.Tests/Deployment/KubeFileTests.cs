using System.Net;
using System.Text.Json.Nodes;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Containers;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;

namespace McpQdrant.Tests.Deployment;

/// <summary>What the Kubernetes objects promise: few rights, secrets by reference, names under which other pods get through.</summary>
public sealed class KubeFileTests
{
    /// <summary>Variables that are not this server's.</summary>
    private static readonly string[] OfOpenTelemetry = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_RESOURCE_ATTRIBUTES"];

    public static TheoryData<string> Files => new(KubeFile.All.Select(file => file.Name));

    public static TheoryData<string> FilesOfChart => new(KubeFile.OfChart.Select(file => file.Name));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_pod_keeps_to_the_restricted_profile(string name)
    {
        var pods = KubeFile.Read(name).PodSpecs.ToArray();

        Assert.NotEmpty(pods);
        Assert.All(pods, pod => Assert.Empty(RestrictedProfile.Violations(pod)));
    }

    /// <summary>The check itself: a pod with everything that is forbidden breaks it in every point.</summary>
    [Fact]
    public void A_pod_without_restrictions_breaks_the_restricted_profile()
    {
        var pod = Yaml.Parse("""
            hostNetwork: true
            securityContext: {sysctls: [{name: a, value: b}]}
            volumes: [{name: docker, hostPath: {path: /run}}]
            containers:
            - name: bad
              ports: [{containerPort: 80, hostPort: 80}]
              securityContext: {privileged: true, procMount: Unmasked, capabilities: {add: [SYS_ADMIN]}}
            """);

        Assert.Equal(16, RestrictedProfile.Violations(pod).Count());
    }

    [Theory]
    [MemberData(nameof(FilesOfChart))]
    public void No_secret_is_written_down_and_each_is_mounted_from_the_one_that_is_named(string name)
    {
        var file = KubeFile.Read(name);
        var pod = file.ServerPod;
        var secrets = Settings.All.Where(setting => setting.IsSecret).SelectMany(setting => setting.Names);
        var mounted = from mount in file.Server["volumeMounts"]!.AsArray()
                      from volume in pod["volumes"]!.AsArray()
                      where (string?)volume!["name"] == (string?)mount!["name"] && volume["secret"] is not null
                      from item in volume["secret"]!["items"]!.AsArray()
                      select $"{mount["mountPath"]}/{item!["path"]}";

        Assert.Null(file.Only("Secret"));
        Assert.Empty(file.Variables.Keys.Intersect(secrets));
        var paths = file.Variables.Where(variable => variable.Key.EndsWith("_FILE", StringComparison.Ordinal)).ToDictionary();
        Assert.All(["QDRANT_API_KEY_FILE", "MCP_CONFIRMATION_KEY_FILE"], variable => Assert.Contains(variable, paths.Keys));
        Assert.Contains(paths.Keys, variable => variable is "MCP_API_KEY_FILE" or "MCP_ACCESS_FILE");
        Assert.Equal(paths.Values.Order(), mounted.Order());
    }

    [Theory]
    [MemberData(nameof(FilesOfChart))]
    public void The_server_understands_its_variables(string name)
    {
        var understood = Settings.All.SelectMany(setting => (IEnumerable<string>)[.. setting.Names, $"{setting.Name}_FILE"]).Concat(OfOpenTelemetry);

        Assert.Empty(KubeFile.Read(name).Variables.Keys.Except(understood));
    }

    [Theory]
    [MemberData(nameof(FilesOfChart))]
    public async Task Other_pods_and_the_ways_in_get_through_by_their_names_and_nobody_else(string name)
    {
        var file = KubeFile.Read(name);
        var service = (string)file.Only("Service")!["metadata"]!["name"]!;
        List<string> hosts = [service, $"{service}.memory", $"{service}.memory.svc", $"{service}.memory.svc.cluster.local"];
        hosts.AddRange((file.Only("Ingress")?["spec"]!["rules"]!.AsArray() ?? []).Select(rule => (string)rule!["host"]!));
        hosts.AddRange((file.Only("HTTPRoute")?["spec"]!["hostnames"]!.AsArray() ?? []).Select(host => (string)host!));
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", "key"), ("MCP_ALLOWED_HOSTS", file.Variables["MCP_ALLOWED_HOSTS"]));

        foreach (var host in hosts)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{host}:8000"));
        }
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"{service}.other.svc.cluster.local"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("rebound.example.org"));

        async Task<HttpStatusCode> StatusAsync(string host) =>
            (await server.SendAsync(Messages.Request(1, "tools/list"), "key", request => request.Headers.Host = host)).Status;
    }

    /// <summary>Kubernetes asks by the pod's address, and its paths must be there.</summary>
    [Fact]
    public async Task Probes_ask_for_paths_that_answer()
    {
        var server = KubeFile.Read("mcp-server-qdrant").Server;
        string[] probes = ["startupProbe", "livenessProbe", "readinessProbe"];
        await using var running = await AccessServer.StartAsync(("MCP_API_KEY", "key"));

        var paths = probes.Select(probe => (string)server[probe]!["httpGet"]!["path"]!).ToArray();

        Assert.Equal(["/alive", "/alive", "/health"], paths);
        Assert.All(probes, probe => Assert.Equal((string?)server["ports"]![0]!["name"], (string?)server[probe]!["httpGet"]!["port"]));
        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(running.Address, path)) { Headers = { Host = "10.244.1.7:8000" } };
            using var response = await running.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    /// <summary>Podman asks by a shell and curl, which the image doesn't have: it would end the server again and again.</summary>
    [Fact]
    public void Podman_gets_no_probe() =>
        Assert.All(["startupProbe", "livenessProbe", "readinessProbe"], probe => Assert.Null(KubeFile.Read("podman").Server[probe]));

    [Theory]
    [MemberData(nameof(FilesOfChart))]
    public void What_is_under_way_is_finished_before_the_pod_is_killed(string name)
    {
        var file = KubeFile.Read(name);
        var pause = (int)file.Server["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!;
        var timeout = int.Parse(file.Variables["MCP_SHUTDOWN_TIMEOUT"].TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(pause > 0);
        Assert.InRange((int)file.ServerPod["terminationGracePeriodSeconds"]!, pause + timeout + 1, 600);
        Assert.Equal(0, (int)file.Only("Deployment")!["spec"]!["strategy"]!["rollingUpdate"]!["maxUnavailable"]!);
    }

    [Theory]
    [MemberData(nameof(FilesOfChart))]
    public void Everything_that_selects_pods_selects_the_servers(string name)
    {
        var file = KubeFile.Read(name);
        var labels = file.Only("Deployment")!["spec"]!["template"]!["metadata"]!["labels"]!.AsObject().ToDictionary(label => label.Key, label => (string)label.Value!);
        JsonNode?[] selectors =
        [
            file.Only("Deployment")!["spec"]!["selector"]!["matchLabels"],
            file.Only("Service")!["spec"]!["selector"],
            file.Only("PodDisruptionBudget")?["spec"]!["selector"]!["matchLabels"],
            file.Only("NetworkPolicy")?["spec"]!["podSelector"]!["matchLabels"],
        ];

        Assert.All(selectors.OfType<JsonObject>(), selector => Assert.Empty(selector.Select(label => (label.Key, (string)label.Value!)).Except(labels.Select(label => (label.Key, label.Value)))));
        if (file.Only("ServiceMonitor") is { } monitor)
        {
            var service = file.Only("Service")!;
            Assert.All(monitor["spec"]!["selector"]!["matchLabels"]!.AsObject(), label => Assert.Equal((string?)service["metadata"]!["labels"]![label.Key], (string?)label.Value));
            Assert.Contains(service["spec"]!["ports"]!.AsArray(), port => (string?)port!["name"] == (string?)monitor["spec"]!["endpoints"]![0]!["port"]);
        }
        if (file.Only("HorizontalPodAutoscaler") is { } scaler)
        {
            Assert.Equal((string?)file.Only("Deployment")!["metadata"]!["name"], (string?)scaler["spec"]!["scaleTargetRef"]!["name"]);
            Assert.Null(file.Only("Deployment")!["spec"]!["replicas"]);
        }
    }

    [Theory]
    [InlineData("mcp-server-qdrant")]
    [InlineData("ingress")]
    [InlineData("gateway")]
    [InlineData("production")]
    public void In_a_cluster_the_servers_reach_Qdrant_and_names_and_nothing_else(string name)
    {
        var file = KubeFile.Read(name);
        var policy = file.Only("NetworkPolicy")!["spec"]!;
        var qdrant = KubeFile.Read("qdrant").Only("Deployment")!["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();

        Assert.Equal(["Ingress", "Egress"], policy["policyTypes"]!.AsArray().Select(type => (string)type!));
        Assert.Equal([53, 53, 6333], policy["egress"]!.AsArray().SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => (int)port!["port"]!));
        Assert.All(
            policy["egress"]![1]!["to"]![0]!["podSelector"]!["matchLabels"]!.AsObject(), label => Assert.Equal((string?)qdrant[label.Key], (string?)label.Value));
        Assert.Equal("restricted", (string?)file.Only("Namespace")!["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]);
        Assert.False((bool)file.Only("ServiceAccount")!["automountServiceAccountToken"]!);
        Assert.Equal(1, (int)file.Only("PodDisruptionBudget")!["spec"]!["maxUnavailable"]!);
    }

    [Fact]
    public void Ways_in_from_outside_end_TLS_by_a_secret()
    {
        var (ingress, gateway) = (KubeFile.Read("ingress").Only("Ingress")!, KubeFile.Read("gateway").Only("Gateway")!);

        Assert.Equal((string?)ingress["spec"]!["rules"]![0]!["host"], (string?)ingress["spec"]!["tls"]![0]!["hosts"]![0]);
        Assert.NotNull((string?)ingress["spec"]!["tls"]![0]!["secretName"]);
        var listener = Assert.Single(gateway["spec"]!["listeners"]!.AsArray())!;
        Assert.Equal("HTTPS", (string?)listener["protocol"]);
        Assert.NotNull((string?)listener["tls"]!["certificateRefs"]![0]!["name"]);
    }
}
