namespace McpQdrant.AppHost.Tests;

/// <summary>The real AppHost, built but not started.</summary>
internal static class AppHost
{
    public static readonly string RepositoryRoot = Path.GetFullPath(Path.Combine(Projects.McpQdrant_AppHost.ProjectPath, ".."));

    /// <summary>With a fixed key for Qdrant: a generated one would be written to the user's secrets.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.McpQdrant_AppHost>(
            ["--Parameters:qdrant-Key=test-key", .. arguments], TestContext.Current.CancellationToken);

    public static IResource Resource(this IDistributedApplicationTestingBuilder appHost, string name) =>
        Assert.Single(appHost.Resources, resource => resource.Name == name);
}
