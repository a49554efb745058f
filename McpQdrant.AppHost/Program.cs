using McpQdrant.AppHost;
using McpQdrant.Hosting;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

var (options, error) = Options.Read(builder);
if (options is null)
{
    Console.Error.WriteLine(error);
    return 1;
}

// Null: the server keeps the memories itself.
var qdrant = options.Store == MemoryStore.Embedded ? null : builder.AddQdrant("qdrant")
    .WithImageTag(McpQdrant.Hosting.Qdrant.QdrantImage.Tag)
    .WithDataVolume(options.Volume);

var server = builder.AddProject<Projects.McpQdrant_Server>("mcp-server")
    .AsMcpQdrant()
    .WithComposedStore(qdrant)
    .WithExternalHttpEndpoints()
    .WithReplicas(options.Replicas)
    .PublishAsDockerFile(container => container
        .WithDockerfile(contextPath: "..", dockerfilePath: "Dockerfile"));

// People look at the memories on the server's own page, which the dashboard links.
if (builder.ExecutionContext.IsRunMode)
    server.WithEnvironment("MCP_EXPLORER", "true").WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/", DisplayText = "Explorer" });

// Here the server listens on loopback and needs no key. Where it is deployed it doesn't start without one.
if (builder.ExecutionContext.IsPublishMode || options.HasApiKey)
    server.WithApiKey(builder.AddParameter("mcp-api-key", secret: true));

if (options.Port is { } port)
    server.WithEndpoint("http", endpoint => endpoint.Port = port);

if (options.Inspector)
    builder.AddInspector(server);

var app = builder.Build();

// A test that hosts this in its own process chooses random ports, looks at the composition and mostly starts nothing.
if (builder.ExecutionContext.IsRunMode && !builder.Configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false))
{
    if (await StartCheck.ErrorAsync(builder) is { } problem)
    {
        Console.Error.WriteLine(problem);
        return 1;
    }

    Announcement.Print(builder.Configuration, server.Resource, options);
}

await app.RunAsync();
return 0;
