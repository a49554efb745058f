using System.Net;
using System.Text.Json.Nodes;
using McpQdrant.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.ServiceDefaults;

public sealed class HealthEndpointTests
{
    private const string Reason = "http://qdrant.internal:6333 does not answer.";

    [Fact]
    public async Task Service_that_can_serve_is_ready_and_alive()
    {
        await using var service = await StartAsync("Production", HealthCheckResult.Healthy());

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(service, "/health"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(service, "/alive"));
    }

    [Fact]
    public async Task Service_whose_store_is_away_is_alive_but_not_ready_and_tells_strangers_no_more()
    {
        await using var service = await StartAsync("Production", HealthCheckResult.Unhealthy(Reason));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(service, "/health"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(service, "/alive"));
    }

    [Fact]
    public async Task Reasons_are_told_in_development()
    {
        await using var service = await StartAsync("Development", HealthCheckResult.Unhealthy(Reason));

        var (_, body) = await AskAsync(service, "/health");

        var store = JsonNode.Parse(body)!["checks"]!["store"]!;
        Assert.Equal(("Unhealthy", Reason), ((string?)store["status"], (string?)store["reason"]));
    }

    [Fact]
    public async Task Service_that_was_told_to_stop_is_not_ready()
    {
        await using var service = await StartAsync("Production", HealthCheckResult.Healthy());

        // Nobody waits for the order here, so the service goes on serving as it does while it finishes its last requests.
        service.Lifetime.StopApplication();
        var (ready, _) = await AskAsync(service, "/health");
        var (alive, _) = await AskAsync(service, "/alive");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready, alive));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<WebApplication> StartAsync(string environment, HealthCheckResult store)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddDefaultHealthChecks();
        builder.Services.AddHealthChecks().AddCheck("store", () => store);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync(Token);
        return app;
    }

    private static async Task<(HttpStatusCode, string)> AskAsync(WebApplication service, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };
        using var response = await client.GetAsync(path, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
