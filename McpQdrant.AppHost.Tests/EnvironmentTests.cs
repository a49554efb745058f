namespace McpQdrant.AppHost.Tests;

/// <summary>What the server is told by its environment; no container engine needed.</summary>
public sealed class EnvironmentTests
{
    private const int GrpcPort = 16334;
    private const int HttpPort = 16333;
    private const int ServerPort = 18000;

    [Fact]
    public async Task Server_is_told_where_Qdrant_is()
    {
        await using var appHost = await AppHost.CreateAsync();

        var environment = await EnvironmentOfServerAsync(appHost);

        Assert.Equal($"Endpoint=http://localhost:{GrpcPort};Key=test-key", environment["ConnectionStrings__qdrant"]);
        Assert.Equal($"Endpoint=http://localhost:{HttpPort};Key=test-key", environment["ConnectionStrings__qdrant_http"]);
        Assert.Equal($"http://localhost:{HttpPort}", environment["QDRANT_HTTPURI"]);
        Assert.Equal("test-key", environment["QDRANT_APIKEY"]);
    }

    [Fact]
    public async Task Server_listens_on_loopback_and_needs_no_key()
    {
        await using var appHost = await AppHost.CreateAsync();

        var environment = await EnvironmentOfServerAsync(appHost);

        Assert.DoesNotContain("MCP_API_KEY", environment.Keys);
        Assert.True(new Uri(environment["ASPNETCORE_URLS"]).IsLoopback);
    }

    [Fact]
    public async Task Server_has_the_page_for_people_and_the_dashboard_its_link()
    {
        await using var appHost = await AppHost.CreateAsync();
        var server = appHost.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "mcp-server");

        Assert.Equal("true", (await EnvironmentOfServerAsync(appHost))["MCP_EXPLORER"]);
        var context = new ResourceUrlsCallbackContext(appHost.ExecutionContext, server);
        foreach (var urls in server.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
            await urls.Callback(context);
        Assert.Equal("/", Assert.Single(context.Urls, url => url.DisplayText == "Explorer").Url);
    }

    [Fact]
    public async Task Server_gets_the_key_that_was_configured()
    {
        await using var appHost = await AppHost.CreateAsync("--Parameters:mcp-api-key=secret");

        var environment = await EnvironmentOfServerAsync(appHost);

        Assert.Equal("secret", environment["MCP_API_KEY"]);
    }

    [Theory]
    [InlineData("QDRANT_URL")]
    [InlineData("QDRANT_HTTPURI")]
    [InlineData("ConnectionStrings__qdrant")]
    [InlineData("ConnectionStrings__qdrant_http")]
    public async Task Server_on_the_embedded_store_is_led_to_no_Qdrant_by_inherited_variables(string variable)
    {
        await using var appHost = await AppHost.CreateAsync("--Store=embedded");

        Assert.Equal("", (await EnvironmentOfServerAsync(appHost))[variable]);
    }

    [Fact]
    public async Task Server_is_led_to_no_other_Qdrant_by_an_inherited_variable()
    {
        await using var appHost = await AppHost.CreateAsync();

        Assert.Equal("", (await EnvironmentOfServerAsync(appHost))["QDRANT_URL"]);
    }

    private static async Task<Dictionary<string, string>> EnvironmentOfServerAsync(IDistributedApplicationTestingBuilder appHost)
    {
        if (appHost.Resources.FirstOrDefault(resource => resource.Name == "qdrant") is { } qdrant)
        {
            qdrant.Allocate("grpc", GrpcPort);
            qdrant.Allocate("http", HttpPort);
        }

        var server = appHost.Resource("mcp-server");
        server.Allocate("http", ServerPort);
        return await server.EnvironmentAsync(appHost);
    }
}
