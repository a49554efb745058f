namespace McpQdrant.Hosting;

/// <summary>The memory server in a container of its own.</summary>
/// <remarks>Its connection string is <c>Endpoint=http://host:port/mcp;Key=…</c>; <c>WithReference</c> also injects <c>{NAME}_URI</c> and <c>{NAME}_APIKEY</c>.</remarks>
public sealed class McpQdrantResource : ContainerResource, IResourceWithConnectionString
{
    internal const string HttpEndpointName = "http";

    /// <param name="name">The resource's name; also the name of the connection string.</param>
    /// <param name="apiKey">The key that callers must send.</param>
    public McpQdrantResource(string name, ParameterResource apiKey) : base(name)
    {
        ArgumentNullException.ThrowIfNull(apiKey);
        ApiKeyParameter = apiKey;
        PrimaryEndpoint = new EndpointReference(this, HttpEndpointName);
    }

    /// <summary>The key that callers must send, as <c>Authorization: Bearer …</c>.</summary>
    public ParameterResource ApiKeyParameter { get; internal set; }

    /// <summary>HTTP, port 8000 in the container.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The address that MCP clients call: <c>http://host:port/mcp</c>.</summary>
    public ReferenceExpression UriExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Url)}{ServerImage.McpPath}");

    /// <summary><c>Endpoint=http://host:port/mcp;Key=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"Endpoint={UriExpression};Key={ApiKeyParameter}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Uri", UriExpression),
        new("ApiKey", ReferenceExpression.Create($"{ApiKeyParameter}")),
    ];
}
