namespace McpQdrant.Hosting;

/// <summary>The memory server's image, and what it offers.</summary>
internal static class ServerImage
{
    public const string Registry = "ghcr.io";
    public const string Name = "mcpqdrant/mcp-server-qdrant";
    public const int Port = 8000;
    public const string DataFolder = "/data";
    public const string McpPath = "/mcp";
    public const string HealthPath = "/health";

    /// <summary>The library and the image are released together and have the same version.</summary>
    public static string Tag { get; } = typeof(ServerImage).Assembly.GetName().Version!.ToString(fieldCount: 3);
}
