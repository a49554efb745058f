using McpQdrant.Hosting;
using McpQdrant.Hosting.Qdrant;

var builder = DistributedApplication.CreateBuilder(args);

var qdrant = builder.AddQdrant("qdrant").WithDataVolume();

var memory = builder.AddMcpQdrant("memory")
    .WithReference(qdrant).WaitFor(qdrant);

builder.AddProject<Projects.Agent>("agent")
    .WithReference(memory).WaitFor(memory)
    .WithExternalHttpEndpoints();

builder.Build().Run();
