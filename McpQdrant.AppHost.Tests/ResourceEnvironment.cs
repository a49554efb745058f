using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.AppHost.Tests;

/// <summary>What a resource is told by its environment, without starting it.</summary>
internal static class ResourceEnvironment
{
    public static async Task<Dictionary<string, string>> EnvironmentAsync(this IResource resource, IDistributedApplicationBuilder builder)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(resource)
            .WithEnvironmentVariablesConfig()
            .BuildAsync(builder.ExecutionContext, NullLogger.Instance, TestContext.Current.CancellationToken);

        return configuration.Exception is { } failure ? throw failure : new Dictionary<string, string>(configuration.EnvironmentVariables);
    }

    /// <summary>What the orchestrator does at the start.</summary>
    public static void Allocate(this IResource resource, string endpointName, int port)
    {
        var endpoint = Assert.Single(resource.Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.Name == endpointName);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port, targetPortExpression: $"{port}");
    }
}
