namespace McpQdrant.AppHost.Tests;

/// <summary>What the composition holds; no container engine needed.</summary>
public sealed class ModelTests
{
    [Fact]
    public async Task Qdrant_keeps_its_data_in_a_named_volume()
    {
        await using var appHost = await AppHost.CreateAsync();

        var volume = Assert.Single(appHost.Resource("qdrant").Annotations.OfType<ContainerMountAnnotation>());

        Assert.Equal(("mcp-qdrant-data", "/qdrant/storage"), (volume.Source, volume.Target));
        Assert.Equal(ContainerMountType.Volume, volume.Type);
        Assert.False(volume.IsReadOnly);
    }

    [Fact]
    public async Task Qdrant_ends_with_the_AppHost_and_says_whether_it_is_healthy()
    {
        await using var appHost = await AppHost.CreateAsync();

        var qdrant = appHost.Resource("qdrant");

        Assert.DoesNotContain(qdrant.Annotations.OfType<ContainerLifetimeAnnotation>(), annotation => annotation.Lifetime == ContainerLifetime.Persistent);
        Assert.NotEmpty(qdrant.Annotations.OfType<HealthCheckAnnotation>());
    }

    [Fact]
    public async Task Server_waits_for_Qdrant_and_is_asked_for_its_health()
    {
        await using var appHost = await AppHost.CreateAsync();

        var server = appHost.Resource("mcp-server");

        Assert.Equal("qdrant", Assert.Single(server.Annotations.OfType<WaitAnnotation>()).Resource.Name);
        Assert.NotEmpty(server.Annotations.OfType<HealthCheckAnnotation>());
    }

    [Fact]
    public async Task Server_has_an_address_for_the_outside()
    {
        await using var appHost = await AppHost.CreateAsync();

        var endpoint = Assert.Single(appHost.Resource("mcp-server").Annotations.OfType<EndpointAnnotation>());

        Assert.Equal("http", endpoint.UriScheme);
        Assert.True(endpoint.IsExternal);
    }

    [Fact]
    public async Task Embedded_store_needs_no_container_and_nothing_to_wait_for()
    {
        await using var appHost = await AppHost.CreateAsync("--Store=embedded");

        Assert.DoesNotContain(appHost.Resources, resource => resource is ContainerResource);
        Assert.Empty(appHost.Resource("mcp-server").Annotations.OfType<WaitAnnotation>());
    }

    [Fact]
    public async Task Inspector_is_there_where_it_is_asked_for()
    {
        Assert.SkipWhen(ProgramOnPath.Find("npx") is null, "There is no npx here.");
        await using var with = await AppHost.CreateAsync("--Store=embedded", "--Inspector=true");
        await using var without = await AppHost.CreateAsync("--Store=embedded");

        var inspector = Assert.IsType<ExecutableResource>(with.Resource("inspector"), exactMatch: false);

        Assert.Equal("npx", inspector.Command);
        Assert.Equal("mcp-server", Assert.Single(inspector.Annotations.OfType<WaitAnnotation>()).Resource.Name);
        Assert.DoesNotContain(without.Resources, resource => resource.Name == "inspector");
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("3", 3)]
    public async Task Server_runs_as_often_as_asked(string? replicas, int expected)
    {
        await using var appHost = await AppHost.CreateAsync(replicas is null ? [] : [$"--Replicas={replicas}"]);

        Assert.Equal(expected, appHost.Resource("mcp-server").GetReplicaCount());
    }
}
