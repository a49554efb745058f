using System.Net;
using System.Net.Sockets;
using McpQdrant.Hosting;
using McpQdrant.Hosting.Qdrant;

namespace McpQdrant.AppHost.Tests.Hosting;

/// <summary>The memory server as a container of anybody's app host; no container engine needed.</summary>
public sealed class McpQdrantResourceTests
{
    [Fact]
    public void Server_has_a_health_check_and_is_an_MCP_server()
    {
        var builder = CreateBuilder();

        var server = builder.AddMcpQdrant("memory").Resource;

        Assert.NotEmpty(server.Annotations.OfType<HealthCheckAnnotation>());
        Assert.Contains(server.Annotations, annotation => annotation.GetType().Name == "McpServerEndpointAnnotation");
        var image = Assert.Single(server.Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal(("ghcr.io", "mcpqdrant/mcp-server-qdrant"), (image.Registry, image.Image));
        Assert.Equal(typeof(McpQdrantResource).Assembly.GetName().Version!.ToString(3), image.Tag);
    }

    [Fact]
    public async Task Server_on_the_embedded_store_keeps_its_data_in_a_volume()
    {
        var builder = CreateBuilder("--Parameters:memory-Key=test-key");
        var server = builder.AddMcpQdrant("memory").WithDataVolume("notes-data").WithCollection("notes").WithReadOnly();

        var environment = await EnvironmentAsync(server);

        var volume = Assert.Single(server.Resource.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(("notes-data", "/data", ContainerMountType.Volume), (volume.Source, volume.Target, volume.Type));
        Assert.Equal("test-key", environment["MCP_API_KEY"]);
        Assert.Equal("notes", environment["COLLECTION_NAME"]);
        Assert.Equal("true", environment["QDRANT_READ_ONLY"]);
    }

    [Fact]
    public async Task Server_may_be_called_by_other_containers_and_by_its_name()
    {
        var builder = CreateBuilder("--Parameters:memory-Key=test-key");

        var environment = await EnvironmentAsync(builder.AddMcpQdrant("memory"));

        Assert.Equal(["memory", "*.dev.internal", "host.docker.internal", "host.containers.internal"], environment["MCP_ALLOWED_HOSTS"].Split(','));
    }

    [Fact]
    public async Task Connection_string_has_the_address_and_the_key_that_was_chosen()
    {
        var builder = CreateBuilder("--Parameters:mine=my-key");
        var server = builder.AddMcpQdrant("memory").WithApiKey(builder.AddParameter("mine", secret: true));
        server.Resource.Allocate("http", 18000);

        var connection = await ((IResourceWithConnectionString)server.Resource).GetConnectionStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Endpoint=http://localhost:18000/mcp;Key=my-key", connection);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Server_with_an_empty_key_does_not_start_and_a_sentence_says_why(string key)
    {
        var builder = CreateBuilder($"--Parameters:mine={key}");
        var server = builder.AddMcpQdrant("memory").WithApiKey(builder.AddParameter("mine", secret: true));

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => EnvironmentAsync(server));

        Assert.Equal("The parameter 'mine' is empty. Set Parameters:mine to a long random key, for instance by dotnet user-secrets.", failure.Message);
    }

    [Fact]
    public void Start_names_an_empty_key_and_a_port_that_is_taken()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = CreateBuilder("--Parameters:memory-Key=", "--Parameters:qdrant-Key=test-key");
        var server = builder.AddMcpQdrant("memory", port).Resource;
        var qdrant = builder.AddQdrant("qdrant", httpPort: port).Resource;

        Assert.Equal(
            [
                "The parameter 'memory-Key' is empty. Set Parameters:memory-Key to a long random key, for instance by dotnet user-secrets.",
                $"Port {port}, which memory needs, is taken. End what has it, or give memory another port.",
            ],
            ContainerStartCheck.Problems(builder.Configuration, server, server.ApiKeyParameter));
        Assert.Equal(
            [$"Port {port}, which qdrant needs, is taken. End what has it, or give qdrant another port."],
            ContainerStartCheck.Problems(builder.Configuration, qdrant, qdrant.ApiKeyParameter));
    }

    [Fact]
    public void Start_has_nothing_to_say_where_keys_are_made_up_and_ports_are_free()
    {
        var builder = CreateBuilder();
        var server = builder.AddMcpQdrant("memory", AppHostProcess.FreePort()).Resource;

        Assert.Empty(ContainerStartCheck.Problems(builder.Configuration, server, server.ApiKeyParameter));
    }

    [Fact]
    public async Task Published_server_gets_its_store_its_key_and_its_embeddings_by_reference()
    {
        var resources = await Manifest.PublishAsync(builder =>
        {
            var qdrant = builder.AddQdrant("qdrant");
            var embedder = builder.AddContainer("embedder", "example/embedder").WithHttpEndpoint(targetPort: 8080, name: "http");
            builder.AddMcpQdrant("memory")
                .WithReference(qdrant)
                .WithEmbeddings(EmbeddingProvider.OpenAI, embedder.GetEndpoint("http"), "bge-m3", builder.AddParameter("embedder-key", secret: true));
        });
        var environment = resources["memory"]!["env"]!.AsObject();

        Assert.Equal("{qdrant.bindings.http.url}", (string?)environment["QDRANT_HTTPURI"]);
        Assert.Equal("Endpoint={qdrant.bindings.http.url};Key={qdrant-Key.value}", (string?)environment["ConnectionStrings__qdrant_http"]);
        Assert.Equal("{memory-Key.value}", (string?)environment["MCP_API_KEY"]);
        Assert.Equal("openai", (string?)environment["EMBEDDING_PROVIDER"]);
        Assert.Equal("{embedder.bindings.http.url}/v1", (string?)environment["EMBEDDING_URL"]);
        Assert.Equal("bge-m3", (string?)environment["EMBEDDING_MODEL"]);
        Assert.Equal("{embedder-key.value}", (string?)environment["EMBEDDING_API_KEY"]);
        Assert.Equal("Endpoint={memory.bindings.http.url}/mcp;Key={memory-Key.value}", (string?)resources["memory"]!["connectionString"]);
        Assert.Equal("22", resources["memory-Key"]!["inputs"]!["value"]!["default"]!["generate"]!["minLength"]!.ToJsonString());
    }

    [Fact]
    public void Embeddings_of_an_unknown_resource_are_refused_and_the_way_out_is_named()
    {
        var builder = CreateBuilder();
        var other = builder.AddConnectionString("mystery");

        var failure = Assert.Throws<ArgumentException>(() => builder.AddMcpQdrant("memory").WithEmbeddings(other));

        Assert.StartsWith("'mystery' is a ConnectionStringParameterResource, of which McpQdrant doesn't know which API for embeddings it has. Name it:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_without_an_address_or_a_model_are_refused_and_the_way_out_is_named()
    {
        var builder = CreateBuilder();
        var server = builder.AddMcpQdrant("memory");

        var address = Assert.Throws<ArgumentException>(() => server.WithEmbeddings(builder.AddConnectionString("mystery"), "bge-m3", EmbeddingProvider.OpenAI));
        var model = Assert.Throws<ArgumentException>(() => server.WithEmbeddings(builder.AddQdrant("other"), provider: EmbeddingProvider.Ollama));

        Assert.Contains("has no connection property Uri or Endpoint. Pass its endpoint instead:", address.Message, StringComparison.Ordinal);
        Assert.StartsWith("'other' names no model. Name one: WithEmbeddings(resource, \"nomic-embed-text\").", model.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embeddings_come_from_the_resource_whose_kind_is_known()
    {
        var resources = await Manifest.PublishAsync(builder =>
            builder.AddMcpQdrant("memory").WithEmbeddings(builder.AddResource(new OllamaModelResource("embedder"))));
        var environment = resources["memory"]!["env"]!.AsObject();

        Assert.Equal("ollama", (string?)environment["EMBEDDING_PROVIDER"]);
        Assert.Equal("http://ollama:11434", (string?)environment["EMBEDDING_URL"]);
        Assert.Equal("nomic-embed-text", (string?)environment["EMBEDDING_MODEL"]);
    }

    /// <summary>As an app host makes it: the AppHost's assembly says where the orchestrator is.</summary>
    private static IDistributedApplicationBuilder CreateBuilder(params string[] arguments) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = arguments, AssemblyName = "McpQdrant.AppHost" });

    /// <summary>The application is built, since the variables for telemetry need its services.</summary>
    private static async Task<Dictionary<string, string>> EnvironmentAsync(IResourceBuilder<McpQdrantResource> server)
    {
        await using var app = server.ApplicationBuilder.Build();
        return await server.Resource.EnvironmentAsync(server.ApplicationBuilder);
    }

    /// <summary>As the one of CommunityToolkit.Aspire.Hosting.Ollama: its name and its connection properties are what counts.</summary>
    private sealed class OllamaModelResource(string name) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"Endpoint=http://ollama:11434;Model=nomic-embed-text");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Uri", ReferenceExpression.Create($"http://ollama:11434")),
            new("ModelName", ReferenceExpression.Create($"nomic-embed-text")),
        ];
    }
}
