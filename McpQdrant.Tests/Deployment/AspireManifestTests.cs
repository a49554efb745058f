using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpQdrant.Server.Hosting.Configuration;
using NJsonSchema;

namespace McpQdrant.Tests.Deployment;

/// <summary>Holds the manifest against Aspire's schema, and against the server and the image that are to be deployed by it.</summary>
public sealed partial class AspireManifestTests
{
    private static readonly string ManifestPath = Repository.File("aspire-manifest.json");

    private static readonly JsonObject Resources = JsonNode.Parse(File.ReadAllText(ManifestPath))!["resources"]!.AsObject();

    private static readonly JsonObject Server = Resources["mcp-server"]!.AsObject();

    /// <summary>Variables that the platform reads, not this server: ASP.NET Core, OpenTelemetry, and what Aspire gives besides the REST address.</summary>
    private static readonly string[] NotSettings =
    [
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY",
        "QDRANT_URI", "QDRANT_GRPCHOST", "QDRANT_GRPCPORT", "QDRANT_HTTPHOST", "QDRANT_HTTPPORT", "QDRANT_APIKEY",
    ];

    [Fact]
    public async Task Manifest_is_valid_by_the_schema()
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", "aspire", "manifest.schema.json"), Token);

        Assert.Empty(schema.Validate(await File.ReadAllTextAsync(ManifestPath, Token)));
        Assert.NotEmpty(schema.Validate("""{"resources": {"qdrant": {"type": "container.v0"}}}"""));
    }

    [Fact]
    public void Every_reference_leads_to_something()
    {
        var references = Reference().Matches(Resources.ToJsonString()).Select(match => match.Groups[1].Value.Split('.')).ToArray();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(LeadsSomewhere(reference), $"{{{string.Join('.', reference)}}} leads nowhere."));
    }

    [Fact]
    public void Every_variable_is_understood()
    {
        var understood = Settings.All.SelectMany(setting => (IEnumerable<string>)[setting.Name, .. setting.Synonyms]).Concat(NotSettings);

        Assert.Empty(Variables(Server).Keys.Except(understood));
    }

    [Fact]
    public void Server_listens_on_the_port_that_is_published_and_asks_for_a_key()
    {
        var variables = Variables(Server);

        Assert.Equal("{mcp-server.bindings.http.targetPort}", variables["HTTP_PORTS"]);
        Assert.Equal("{mcp-api-key.value}", variables["MCP_API_KEY"]);
        Assert.True((bool)Server["bindings"]!["http"]!["external"]!);
    }

    [Fact]
    public void Image_is_built_from_a_Dockerfile_that_is_there_and_leaves_the_port_to_the_platform()
    {
        var dockerfile = File.ReadAllText(Repository.File((string)Server["build"]!["dockerfile"]!));

        Assert.Contains("FASTMCP_HOST=0.0.0.0", dockerfile, StringComparison.Ordinal);
        Assert.DoesNotContain("FASTMCP_PORT", dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void Qdrant_keeps_its_data_and_no_secret_is_written_down()
    {
        Assert.Equal("/qdrant/storage", (string?)Resources["qdrant"]!["volumes"]![0]!["target"]);
        Assert.All(
            Resources.Where(resource => (string?)resource.Value!["type"] == "parameter.v0"),
            parameter => Assert.True((bool)parameter.Value!["inputs"]!["value"]!["secret"]!));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, string> Variables(JsonObject resource) =>
        resource["env"]!.AsObject().ToDictionary(variable => variable.Key, variable => (string)variable.Value!);

    /// <remarks><c>{resource.bindings.name.property}</c>, <c>{resource.inputs.name}</c>, <c>{resource.value}</c>; properties are the platform's to know.</remarks>
    private static bool LeadsSomewhere(string[] reference) => reference switch
    {
        [var resource, ("bindings" or "inputs") and var kind, var name, ..] => Resources[resource]?[kind]?[name] is not null,
        [var resource, var property] => Resources[resource]?[property] is not null,
        _ => false,
    };

    [GeneratedRegex(@"\{([^{}""]+)\}")]
    private static partial Regex Reference();
}
