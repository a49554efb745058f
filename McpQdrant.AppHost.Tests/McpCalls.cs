using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.AppHost.Tests;

/// <summary>Calls of the server's tools over HTTP.</summary>
internal static class McpCalls
{
    public static async Task<JsonNode> CallToolAsync(this HttpClient client, string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Content = JsonContent.Create(new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
        });

        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var result = Answer(await response.Content.ReadAsStringAsync(cancellationToken))["result"]!;

        Assert.NotEqual(true, (bool?)result["isError"]);
        return result;
    }

    /// <summary>Stores a memory and finds it by a question.</summary>
    public static async Task StoreAndFindAsync(this HttpClient client, CancellationToken cancellationToken)
    {
        var stored = await client.CallToolAsync(
            "qdrant-store", new JsonObject { ["information"] = "The staging cluster is called Heron.", ["collection_name"] = "notes" }, cancellationToken);
        var found = await client.CallToolAsync(
            "qdrant-find", new JsonObject { ["query"] = "What is the name of the staging cluster?", ["collection_name"] = "notes" }, cancellationToken);

        Assert.Equal("notes", (string?)stored["structuredContent"]!["collection"]);
        Assert.Equal("The staging cluster is called Heron.", (string?)found["structuredContent"]!["results"]![0]!["content"]);
    }

    /// <summary>The answer comes as JSON or as the one event of a stream.</summary>
    private static JsonNode Answer(string body)
    {
        const string Data = "data: ";
        var json = body.Split('\n').FirstOrDefault(line => line.StartsWith(Data, StringComparison.Ordinal))?[Data.Length..] ?? body;
        return JsonNode.Parse(json)!;
    }
}
