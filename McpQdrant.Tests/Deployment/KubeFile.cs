using System.Text.Json.Nodes;
using McpQdrant.Tests.Containers;

namespace McpQdrant.Tests.Deployment;

/// <summary>A file of Kubernetes objects in <c>deploy/kube</c>.</summary>
internal sealed class KubeFile
{
    private KubeFile(string path)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        Text = File.ReadAllText(path);
        Objects = [.. Yaml.ParseAll(Text)];
    }

    public static string Folder { get; } = Repository.File("deploy/kube");

    public static IReadOnlyList<KubeFile> All { get; } = [.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).Select(path => new KubeFile(path))];

    /// <summary>Those that the chart made.</summary>
    public static IEnumerable<KubeFile> OfChart => All.Where(file => file.Name != "qdrant");

    public string Name { get; }

    public string Text { get; }

    public IReadOnlyList<JsonObject> Objects { get; }

    public IEnumerable<JsonObject> PodSpecs => Objects.Select(PodSpecOf).OfType<JsonObject>();

    public JsonObject ServerPod => PodSpecOf(Only("Deployment")!)!;

    /// <summary>The program's container.</summary>
    public JsonObject Server => ContainersOf(ServerPod).Single(container => (string?)container["name"] == "mcp-server");

    /// <summary>The program's variables.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        Server["env"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => variable!["value"]!.ToString());

    public static KubeFile Read(string name) => All.Single(file => file.Name == name);

    public static IEnumerable<JsonObject> ContainersOf(JsonObject pod) =>
        ((IEnumerable<string>)["initContainers", "containers"]).SelectMany(list => pod[list]?.AsArray() ?? []).Select(container => container!.AsObject());

    public static string KindOf(JsonObject one) => (string)one["kind"]!;

    /// <summary>The object of a kind; null where there is none.</summary>
    public JsonObject? Only(string kind) => Objects.SingleOrDefault(one => KindOf(one) == kind);

    public static JsonObject? PodSpecOf(JsonObject one) => KindOf(one) switch
    {
        "Pod" => one["spec"]!.AsObject(),
        "CronJob" => one["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!.AsObject(),
        "Deployment" or "StatefulSet" or "DaemonSet" or "Job" => one["spec"]!["template"]!["spec"]!.AsObject(),
        _ => null,
    };
}
