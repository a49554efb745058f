using Aspire.Hosting;

namespace McpQdrant.Hosting;

/// <summary>The memory server in an app host, as a container or as a project.</summary>
public static class McpQdrantBuilderExtensions
{
    /// <summary>Adds the memory server as a container.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name; also the name of the connection string and a host name among the containers.</param>
    /// <param name="port">The port on this machine. If null, a free one.</param>
    /// <returns>
    /// The builder of the new resource. It is healthy when <c>GET /health</c> succeeds. Callers must send a key: the secret parameter
    /// <c>{name}-Key</c>, with 22 generated characters where it has no value, or the one of <see cref="WithApiKey{T}"/>.
    /// </returns>
    /// <remarks>
    /// Give it a store: <c>WithReference(qdrant)</c>, or <see cref="WithDataVolume"/> for the embedded store. Without either the memories
    /// are lost with the container. The container has a read-only root and no capabilities.
    /// </remarks>
    public static IResourceBuilder<McpQdrantResource> AddMcpQdrant(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var key = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-Key", special: false);

        var server = new McpQdrantResource(name, key);

        return builder.AddResource(server)
            .WithImage(ServerImage.Name, ServerImage.Tag)
            .WithImageRegistry(ServerImage.Registry)
            .WithContainerRuntimeArgs("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
            .WithHttpEndpoint(port, targetPort: ServerImage.Port, name: McpQdrantResource.HttpEndpointName)
            .WithOtlpExporter()
            .AsMcpQdrant()
            .WithEnvironment(context => SetAsync(context, "MCP_API_KEY", server.ApiKeyParameter))
            .WithStartCheck(resource => resource.ApiKeyParameter);
    }

    /// <summary>
    /// Says that a resource is the memory server: its health is <c>GET /health</c>, the dashboard lists it as an MCP server, and other
    /// containers may call it by its name. <see cref="AddMcpQdrant"/> has done so; call this for <c>AddProject&lt;…&gt;</c>.
    /// </summary>
    /// <param name="builder">The memory server.</param>
    public static IResourceBuilder<T> AsMcpQdrant<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints, IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);

        // The ingress of a deployment has a name that nobody knows here. Deployed, callers need a key, which protects against DNS rebinding.
        var names = $"{builder.Resource.Name},*.dev.internal,host.docker.internal,host.containers.internal";

#pragma warning disable ASPIREMCP001 // WithMcpServer is experimental: this is the one place that uses it.
        builder.WithMcpServer(ServerImage.McpPath);
#pragma warning restore ASPIREMCP001
        return builder
            .WithHttpHealthCheck(ServerImage.HealthPath)
            .WithEnvironment(context => context.EnvironmentVariables["MCP_ALLOWED_HOSTS"] = context.ExecutionContext.IsPublishMode ? "*" : names);
    }

    /// <summary>Keeps the memories of the embedded store in a volume.</summary>
    /// <param name="builder">The memory server.</param>
    /// <param name="name">The volume's name. If null, one made of the application's name and the resource's.</param>
    public static IResourceBuilder<McpQdrantResource> WithDataVolume(this IResourceBuilder<McpQdrantResource> builder, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), ServerImage.DataFolder);
    }

    /// <summary>Uses one collection for all memories. The tools then have no argument <c>collection_name</c>.</summary>
    /// <param name="builder">The memory server.</param>
    /// <param name="collection">The collection's name.</param>
    public static IResourceBuilder<T> WithCollection<T>(this IResourceBuilder<T> builder, string collection)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(collection);
        return builder.WithEnvironment("COLLECTION_NAME", collection);
    }

    /// <summary>Offers no tool that writes or deletes.</summary>
    /// <param name="builder">The memory server.</param>
    public static IResourceBuilder<T> WithReadOnly<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEnvironment("QDRANT_READ_ONLY", "true");
    }

    /// <summary>Sets the key that callers must send, as <c>Authorization: Bearer …</c>.</summary>
    /// <param name="builder">The memory server.</param>
    /// <param name="apiKey">A secret parameter. Where its value is empty the server doesn't start, and a sentence says why.</param>
    public static IResourceBuilder<T> WithApiKey<T>(this IResourceBuilder<T> builder, IResourceBuilder<ParameterResource> apiKey)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(apiKey);

        if (builder.Resource is McpQdrantResource server)
        {
            server.ApiKeyParameter = apiKey.Resource;
            return builder;
        }

        return builder.WithEnvironment(context => SetAsync(context, "MCP_API_KEY", apiKey.Resource));
    }

    /// <summary>Sets a variable to a secret, which must not be empty.</summary>
    internal static async Task SetAsync(EnvironmentCallbackContext context, string variable, ParameterResource secret)
    {
        if (context.ExecutionContext.IsRunMode && string.IsNullOrWhiteSpace(await secret.GetValueAsync(context.CancellationToken).ConfigureAwait(false)))
            throw new DistributedApplicationException(ContainerStartCheck.EmptyKey(secret));

        context.EnvironmentVariables[variable] = secret;
    }
}
