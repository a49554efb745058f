using McpQdrant.AppHost;
using McpQdrant.Hosting.Qdrant;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

if (ContainerEngine.Refusal(builder.Configuration) is { } refusal)
{
    Console.Error.WriteLine(refusal);
    return 1;
}

var qdrant = builder.AddQdrant("qdrant")
    .WithLifetime(ContainerLifetime.Persistent)
    .WithDataVolume("mcp-qdrant-data");

var server = builder.AddProject<Projects.McpQdrant_Server>("mcp-server")
    .WithReference(qdrant)
    .WaitFor(qdrant)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReplicas(builder.Configuration.GetValue("Replicas", defaultValue: 1))
    .PublishAsDockerFile(container => container
        .WithDockerfile(contextPath: "..", dockerfilePath: "Dockerfile"));

// Here the server listens on loopback and needs no key. Where it is deployed it doesn't start without one.
if (builder.ExecutionContext.IsPublishMode || builder.Configuration["Parameters:mcp-api-key"] is { Length: > 0 })
    server.WithEnvironment("MCP_API_KEY", builder.AddParameter("mcp-api-key", secret: true));

// The ingress has a name of its own. What the check of names would keep out, a page that calls by a rebound one, has no key.
if (builder.ExecutionContext.IsPublishMode)
    server.WithEnvironment("MCP_ALLOWED_HOSTS", "*");

builder.Build().Run();
return 0;
