namespace McpQdrant.Server.Http;

/// <summary>Marks the endpoints that limits of callers are for; health checks and metadata are not among them.</summary>
internal sealed class EndpointKind
{
    private EndpointKind()
    {
    }

    /// <summary>It speaks MCP.</summary>
    public static EndpointKind Messages { get; } = new();

    /// <summary>At the address of one that speaks MCP, for requests that don't.</summary>
    public static EndpointKind Other { get; } = new();

    /// <summary>At all addresses that nothing else has.</summary>
    public static EndpointKind Unknown { get; } = new();

    /// <summary>Of the REST API, which says what is wrong in problem details.</summary>
    public static EndpointKind Rest { get; } = new();

    /// <summary>Beside a kind: its requests have bodies that are read as they come.</summary>
    public sealed class Upload
    {
        public static Upload Instance { get; } = new();
    }

    /// <returns>Null for an endpoint of another kind.</returns>
    public static EndpointKind? Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<EndpointKind>();

    public static bool TakesMessages(HttpContext context) => Of(context) == Messages;

    /// <summary>Whether its requests have a body that is no upload, of which nothing is served before it is here as a whole.</summary>
    public static bool TakesBody(HttpContext context) =>
        Of(context) == Rest ? context.GetEndpoint()!.Metadata.GetMetadata<Upload>() is null && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        : HttpMethods.IsPost(context.Request.Method) && TakesMessages(context);
}
