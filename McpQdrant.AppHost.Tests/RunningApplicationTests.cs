namespace McpQdrant.AppHost.Tests;

/// <summary>The whole application, with a Qdrant of its own. Needs a running Docker or Podman, so it runs only with <c>--explicit on</c>.</summary>
public sealed class RunningApplicationTests
{
    /// <summary>Enough to pull Qdrant's image over a slow line.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    [Fact(Explicit = true)]
    public async Task Memory_that_was_stored_is_found()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Timeout);
        await using var appHost = await AppHost.CreateAsync();
        LeaveNothingBehind(appHost);
        await using var app = await appHost.BuildAsync(limit.Token);

        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("mcp-server", limit.Token);
        using var client = app.CreateHttpClient("mcp-server", "http");

        await client.StoreAndFindAsync(limit.Token);
    }

    /// <summary>A Qdrant that ends with the test and has no volume: the developer's own memories stay as they are.</summary>
    private static void LeaveNothingBehind(IDistributedApplicationTestingBuilder appHost)
    {
        var qdrant = (ContainerResource)appHost.Resource("qdrant");

        appHost.CreateResourceBuilder(qdrant).WithLifetime(ContainerLifetime.Session);
        foreach (var volume in qdrant.Annotations.OfType<ContainerMountAnnotation>().ToArray())
            qdrant.Annotations.Remove(volume);
    }
}
