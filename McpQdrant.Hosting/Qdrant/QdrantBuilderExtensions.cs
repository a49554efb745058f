using Aspire.Hosting;

namespace McpQdrant.Hosting.Qdrant;

/// <summary>Qdrant in an app host: the methods of Aspire.Hosting.Qdrant, for feeds that lack that package.</summary>
public static class QdrantBuilderExtensions
{
    private const int GrpcPort = 6334;
    private const int HttpPort = 6333;

    /// <summary>Adds a Qdrant server in a container.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name; also the name of the connection string.</param>
    /// <param name="apiKey">The API key. If null, the secret parameter <c>{name}-Key</c>, with 22 generated characters where it has no value.</param>
    /// <param name="grpcPort">The gRPC port on this machine. If null, a free one.</param>
    /// <param name="httpPort">The REST port on this machine. If null, a free one.</param>
    /// <returns>The builder of the new resource. It is healthy when <c>GET /readyz</c> succeeds.</returns>
    public static IResourceBuilder<QdrantServerResource> AddQdrant(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? apiKey = null,
        int? grpcPort = null,
        int? httpPort = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var key = apiKey?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-Key", special: false);

        return builder.AddResource(new QdrantServerResource(name, key))
            .WithImage(QdrantImage.Name, QdrantImage.Tag)
            .WithImageRegistry(QdrantImage.Registry)
            .WithHttpEndpoint(port: grpcPort, targetPort: GrpcPort, name: QdrantServerResource.GrpcEndpointName)
            .WithEndpoint(QdrantServerResource.GrpcEndpointName, endpoint => endpoint.Transport = "http2")
            .WithHttpEndpoint(port: httpPort, targetPort: HttpPort, name: QdrantServerResource.HttpEndpointName)
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["QDRANT__SERVICE__API_KEY"] = key;
                // The web page is for development.
                if (context.ExecutionContext.IsPublishMode)
                    context.EnvironmentVariables["QDRANT__SERVICE__ENABLE_STATIC_CONTENT"] = "0";
            })
            .WithUrlForEndpoint(QdrantServerResource.HttpEndpointName, url =>
            {
                url.Url += "/dashboard";
                url.DisplayText = "Qdrant's page";
            })
            .WithHttpHealthCheck("/readyz", endpointName: QdrantServerResource.HttpEndpointName)
            .WithStartCheck(qdrant => qdrant.ApiKeyParameter);
    }

    /// <summary>Keeps the collections in a volume.</summary>
    /// <param name="builder">Qdrant.</param>
    /// <param name="name">The volume's name. If null, one made of the application's name and the resource's.</param>
    /// <param name="isReadOnly">Whether Qdrant may only read it.</param>
    public static IResourceBuilder<QdrantServerResource> WithDataVolume(
        this IResourceBuilder<QdrantServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), QdrantImage.DataFolder, isReadOnly);
    }

    /// <summary>Keeps the collections in a folder of this machine.</summary>
    /// <param name="builder">Qdrant.</param>
    /// <param name="source">The folder; a relative path counts from the app host's folder.</param>
    /// <param name="isReadOnly">Whether Qdrant may only read it.</param>
    public static IResourceBuilder<QdrantServerResource> WithDataBindMount(
        this IResourceBuilder<QdrantServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithBindMount(source, QdrantImage.DataFolder, isReadOnly);
    }

    /// <summary>Tells a resource where Qdrant is: <c>ConnectionStrings__{name}</c> (gRPC), <c>ConnectionStrings__{name}_http</c> (REST) and the single values.</summary>
    /// <param name="builder">The resource that uses Qdrant.</param>
    /// <param name="qdrant">Qdrant.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<QdrantServerResource> qdrant)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(qdrant);
        var name = qdrant.Resource.Name;

        // The official package writes the connection string itself into the manifest, not a reference to it; so does this.
        return ResourceBuilderExtensions.WithReference(builder, (IResourceBuilder<IResourceWithConnectionString>)qdrant)
            .WithEnvironment($"ConnectionStrings__{name}", qdrant.Resource.ConnectionStringExpression)
            .WithEnvironment($"ConnectionStrings__{name}_http", qdrant.Resource.HttpConnectionStringExpression);
    }
}
