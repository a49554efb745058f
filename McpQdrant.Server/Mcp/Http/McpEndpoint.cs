namespace McpQdrant.Server.Mcp.Http;

/// <summary>Marks the endpoints that limits of callers are for; health checks and metadata are not among them.</summary>
internal sealed class McpEndpoint
{
    private McpEndpoint()
    {
    }

    /// <summary>It speaks MCP.</summary>
    public static McpEndpoint Messages { get; } = new();

    /// <summary>At the address of one that speaks MCP, for requests that don't.</summary>
    public static McpEndpoint Other { get; } = new();

    /// <summary>At all addresses that nothing else has.</summary>
    public static McpEndpoint Unknown { get; } = new();

    /// <returns>Null for an endpoint of another kind.</returns>
    public static McpEndpoint? Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<McpEndpoint>();

    public static bool TakesMessages(HttpContext context) => Of(context) == Messages;
}
