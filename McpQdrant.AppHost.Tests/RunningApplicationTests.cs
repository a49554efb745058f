using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.AppHost.Tests;

/// <summary>The whole application, with a Qdrant of its own. Needs a running Docker or Podman, so it runs only with <c>--explicit on</c>.</summary>
public sealed class RunningApplicationTests
{
    /// <summary>Enough to pull Qdrant's image over a slow line.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact(Explicit = true)]
    public async Task Memory_that_was_stored_is_found()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await using var appHost = await AppHost.CreateAsync();
        LeaveNothingBehind(appHost);
        await using var app = await appHost.BuildAsync(limit.Token);

        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("mcp-server", limit.Token);
        using var client = app.CreateHttpClient("mcp-server", "http");
        var stored = await CallAsync(client, "qdrant-store", new JsonObject { ["information"] = "The staging cluster is called Heron.", ["collection_name"] = "notes" }, limit.Token);
        var found = await CallAsync(client, "qdrant-find", new JsonObject { ["query"] = "What is the name of the staging cluster?", ["collection_name"] = "notes" }, limit.Token);

        Assert.Equal("notes", (string?)stored["structuredContent"]!["collection"]);
        Assert.Equal("The staging cluster is called Heron.", (string?)found["structuredContent"]!["results"]![0]!["content"]);
    }

    /// <summary>A Qdrant that ends with the test and has no volume: the developer's own memories stay as they are.</summary>
    private static void LeaveNothingBehind(IDistributedApplicationTestingBuilder appHost)
    {
        var qdrant = (ContainerResource)appHost.Resource("qdrant");

        appHost.CreateResourceBuilder(qdrant).WithLifetime(ContainerLifetime.Session);
        foreach (var volume in qdrant.Annotations.OfType<ContainerMountAnnotation>().ToArray())
            qdrant.Annotations.Remove(volume);
    }

    private static async Task<JsonNode> CallAsync(HttpClient client, string tool, JsonObject arguments, CancellationToken cancellationToken)
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

    /// <summary>The answer comes as JSON or as the one event of a stream.</summary>
    private static JsonNode Answer(string body)
    {
        const string Data = "data: ";
        var json = body.Split('\n').FirstOrDefault(line => line.StartsWith(Data, StringComparison.Ordinal))?[Data.Length..] ?? body;
        return JsonNode.Parse(json)!;
    }
}
