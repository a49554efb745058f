namespace McpQdrant.Hosting.Qdrant;

/// <summary>
/// A Qdrant server in a container. Endpoints, parameter, connection strings and injected variables are those of Aspire.Hosting.Qdrant,
/// so whoever consumes them need not know which of the two packages the app host uses.
/// </summary>
public sealed class QdrantServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string GrpcEndpointName = "grpc";
    internal const string HttpEndpointName = "http";

    /// <param name="name">The resource's name; also the name of the connection string.</param>
    /// <param name="apiKey">The API key that Qdrant demands.</param>
    public QdrantServerResource(string name, ParameterResource apiKey) : base(name)
    {
        ArgumentNullException.ThrowIfNull(apiKey);
        ApiKeyParameter = apiKey;
        PrimaryEndpoint = new EndpointReference(this, GrpcEndpointName);
        HttpEndpoint = new EndpointReference(this, HttpEndpointName);
    }

    /// <summary>The API key that Qdrant demands.</summary>
    public ParameterResource ApiKeyParameter { get; }

    /// <summary>gRPC, port 6334 in the container.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>REST, port 6333 in the container.</summary>
    public EndpointReference HttpEndpoint { get; }

    /// <summary><c>Endpoint=http://host:port;Key=…</c>, for clients that speak gRPC.</summary>
    public ReferenceExpression ConnectionStringExpression => ConnectionString(PrimaryEndpoint);

    /// <summary><c>Endpoint=http://host:port;Key=…</c>, for clients that speak REST.</summary>
    public ReferenceExpression HttpConnectionStringExpression => ConnectionString(HttpEndpoint);

    /// <summary>What <c>WithReference</c> injects one by one: <c>QDRANT_GRPCHOST</c>, <c>QDRANT_HTTPURI</c> and so on.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("GrpcHost", Expression(PrimaryEndpoint, EndpointProperty.Host)),
        new("GrpcPort", Expression(PrimaryEndpoint, EndpointProperty.Port)),
        new("HttpHost", Expression(HttpEndpoint, EndpointProperty.Host)),
        new("HttpPort", Expression(HttpEndpoint, EndpointProperty.Port)),
        new("ApiKey", ReferenceExpression.Create($"{ApiKeyParameter}")),
        new("Uri", Expression(PrimaryEndpoint, EndpointProperty.Url)),
        new("HttpUri", Expression(HttpEndpoint, EndpointProperty.Url)),
    ];

    private ReferenceExpression ConnectionString(EndpointReference endpoint) =>
        ReferenceExpression.Create($"Endpoint={endpoint.Property(EndpointProperty.Url)};Key={ApiKeyParameter}");

    private static ReferenceExpression Expression(EndpointReference endpoint, EndpointProperty property) =>
        ReferenceExpression.Create($"{endpoint.Property(property)}");
}
