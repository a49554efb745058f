namespace McpQdrant.AppHost;

/// <summary>The MCP Inspector: a web page on which a person calls the server's tools.</summary>
internal static class Inspector
{
    private const string Package = "@modelcontextprotocol/inspector@2.12.0";
    private const int Port = 6274;

    /// <summary>Starts it by npx, which fetches it at the first start. Where the server asks for a key, it is entered on the page.</summary>
    public static void AddInspector(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> server) =>
        builder.AddExecutable("inspector", "npx", workingDirectory: ".", "--yes", Package, "--web", "--transport", "http", "--server-url")
            .WithArgs(context => context.Args.Add(ReferenceExpression.Create($"{server.GetEndpoint("http")}/mcp")))
            // It accepts calls only from pages of the port that it knows, so there must be no proxy before it.
            .WithHttpEndpoint(port: Port, env: "CLIENT_PORT", isProxied: false)
            .WithEnvironment("MCP_AUTO_OPEN_ENABLED", "false")
            .WithHttpHealthCheck("/")
            .WaitFor(server)
            .ExcludeFromManifest();
}
