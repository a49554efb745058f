using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Containers;
using McpQdrant.Tests.Protocol;
using NJsonSchema;

namespace McpQdrant.Tests.Deployment;

/// <summary>The Helm chart, and that the plain YAML is what it makes.</summary>
public sealed class ChartTests : IDisposable
{
    private const string Chart = "deploy/helm/mcp-server-qdrant";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Examples =>
        new(Directory.GetFiles(Repository.File($"{Chart}/examples")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Version_is_the_projects()
    {
        var (chart, project) = (Yaml.Read($"{Chart}/Chart.yaml"), XDocument.Load(Repository.File("Directory.Build.props")));

        Assert.All(["version", "appVersion"], version => Assert.Equal(project.Descendants("Version").Single().Value, chart[version]!.ToString()));
    }

    /// <summary>By hashes, as not every machine has Helm.</summary>
    [Fact]
    public void The_plain_YAML_was_made_from_the_chart_as_it_is()
    {
        var chart = HashOfChart();

        Assert.Equal(
            ["mcp-server-qdrant", .. Examples.Select(example => Path.GetFileNameWithoutExtension((string)example)).Order(StringComparer.Ordinal)],
            KubeFile.OfChart.Select(file => file.Name).OrderBy(name => name == "mcp-server-qdrant" ? "" : name, StringComparer.Ordinal));
        Assert.All(KubeFile.OfChart, file =>
        {
            var lines = file.Text.Split('\n', 3);
            Assert.True(lines[1] == $"# From {chart}, and below is {HashOf(lines[2])}", $"deploy/kube/{file.Name}.yaml is of another chart, or was changed: run scripts/render-kube.sh.");
        });
    }

    [Fact]
    public async Task Helm_makes_the_plain_YAML_again()
    {
        Assert.SkipUnless(HasHelm, "There is no Helm on this machine.");

        var (code, output) = await RunAsync("bash", "scripts/render-kube.sh", _folder.Path);

        Assert.True(code == 0, output);
        Assert.All(KubeFile.OfChart, file => Assert.Equal(file.Text, File.ReadAllText(_folder.File($"{file.Name}.yaml"))));
    }

    [Fact]
    public async Task Helm_finds_no_fault()
    {
        Assert.SkipUnless(HasHelm, "There is no Helm on this machine.");

        var (code, output) = await RunAsync("helm", "lint", Chart, "--strict", "--kube-version", "1.30.0");

        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("secret.keys.mcpApiKey=", "Nobody is asked who they are")]
    [InlineData("secret.name=", "secret.name names no Secret")]
    [InlineData("ingress.enabled=true", "ingress.host is the name")]
    [InlineData("gateway.enabled=true", "gateway.host is the name")]
    [InlineData("gateway.className=envoy", "give gateway.tlsSecret")]
    [InlineData("metrics.enabled=true,settings.OTEL_EXPORTER_OTLP_ENDPOINT=http://a:4317", "choose one")]
    [InlineData("settings.MCP_API_KEY=secret", "settings")]
    [InlineData("replicsa=3", "replicsa")]
    public async Task Helm_refuses_values_that_make_no_sense(string values, string expected)
    {
        Assert.SkipUnless(HasHelm, "There is no Helm on this machine.");

        var (code, output) = await RunAsync("helm", "template", "memory", Chart, "--kube-version", "1.30.0", "--set", values);

        Assert.NotEqual(0, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helm_writes_whole_numbers_as_people_do()
    {
        Assert.SkipUnless(HasHelm, "There is no Helm on this machine.");
        var values = _folder.Write("values.yaml", "settings: {MCP_MAX_REQUEST_BYTES: 16777216, MEMORY_DIVERSITY: 0.5, QDRANT_ON_DISK: true}");

        var (code, output) = await RunAsync("helm", "template", "memory", Chart, "--kube-version", "1.30.0", "--values", values);

        Assert.True(code == 0, output);
        Assert.All(["\"16777216\"", "\"0.5\"", "\"true\""], value => Assert.Contains($"value: {value}", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_defaults_are_valid_by_the_schema() =>
        Assert.Empty((await SchemaAsync()).Validate(Yaml.Read($"{Chart}/values.yaml").ToJsonString()));

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_valid_by_the_schema(string file) =>
        Assert.Empty((await SchemaAsync()).Validate(Yaml.Read($"{Chart}/examples/{file}").ToJsonString()));

    [Theory]
    [InlineData("""{"replicas": "two"}""")]
    [InlineData("""{"replicsa": 2}""")]
    [InlineData("""{"qdrant": {"url": "qdrant:6333"}}""")]
    [InlineData("""{"image": {"digest": "sha256:1"}}""")]
    [InlineData("""{"settings": {"COLLECTION_NAME": ["a"]}}""")]
    [InlineData("""{"settings": {"COLLECTION NAME": "a"}}""")]
    [InlineData("""{"networkPolicy": {"from": []}}""")]
    [InlineData("""{"service": {"type": "ExternalName"}}""")]
    [InlineData("""{"shutdown": {"pause": -1}}""")]
    public async Task Mistakes_are_invalid_by_the_schema(string values) => Assert.NotEmpty((await SchemaAsync()).Validate(values));

    /// <summary>A secret among the settings would stand in the Deployment, for all who may read it.</summary>
    [Fact]
    public async Task No_secret_may_be_given_as_a_setting()
    {
        var schema = await SchemaAsync();

        Assert.All(
            Settings.All.Where(setting => setting.IsSecret).SelectMany(setting => setting.Names),
            name => Assert.NotEmpty(schema.Validate(new JsonObject { ["settings"] = new JsonObject { [name] = "secret" } }.ToJsonString())));
    }

    private static Task<JsonSchema> SchemaAsync() => JsonSchema.FromFileAsync(Repository.File($"{Chart}/values.schema.json"), TestContext.Current.CancellationToken);

    /// <summary>As <c>scripts/render-kube.sh</c> makes it.</summary>
    private static string HashOfChart()
    {
        var root = Repository.File(Chart);
        var lines = Directory.GetFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => $"./{Path.GetRelativePath(root, file).Replace('\\', '/')}")
            .Where(file => !file.EndsWith("/README.md", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, file))))}  {file}\n");
        return HashOf(string.Concat(lines));
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool HasHelm { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "helm")));

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(ServerProcess.Patience);
        return (process.ExitCode, await output + await errors);
    }
}
