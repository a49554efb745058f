namespace McpQdrant.Server.Mcp.Http;

/// <summary>Marks the endpoints that speak MCP, which limits and scopes are for; health checks and metadata are not among them.</summary>
internal sealed class McpEndpoint
{
    public static McpEndpoint Mark { get; } = new();

    public static bool IsOne(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<McpEndpoint>() is not null;
}
