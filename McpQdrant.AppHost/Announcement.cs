using Microsoft.Extensions.Configuration;

namespace McpQdrant.AppHost;

/// <summary>For a person at a terminal: where the dashboard and the server are, and what to paste into a client.</summary>
internal static class Announcement
{
    public static void Print(IConfiguration configuration, ProjectResource server, Options options)
    {
        var endpoint = server.Annotations.OfType<EndpointAnnotation>().First(endpoint => endpoint.Name == "http");
        var url = $"http://{endpoint.TargetHost}:{endpoint.Port}/mcp";

        Console.WriteLine(
            $$"""
            Dashboard    {{Dashboard(configuration) ?? "none"}}
            MCP address  {{url}}, when the dashboard shows mcp-server as Healthy
            Memories     {{(options.Store == MemoryStore.Embedded ? "in the server's own folder" : $"in Qdrant, in the volume {options.Volume}")}}

            Connect an MCP client with:

              {{Snippet(url, options.HasApiKey)}}

            Ctrl-C ends it.

            """);
    }

    private static string Snippet(string url, bool hasApiKey)
    {
        var headers = hasApiKey ? ", \"headers\": {\"Authorization\": \"Bearer <the value of mcp-api-key>\"}" : "";
        return "{\"mcpServers\": {\"memory\": {\"type\": \"http\", \"url\": \"" + url + "\"" + headers + "}}}";
    }

    private static string? Dashboard(IConfiguration configuration)
    {
        if (configuration["ASPNETCORE_URLS"]?.Split(';') is not [{ Length: > 0 } url, ..])
            return null;

        return configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{url}/login?t={token}" : url;
    }
}
