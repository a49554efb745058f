using System.Text.Json.Nodes;

namespace McpQdrant.AppHost.Tests;

/// <summary>What deployments are made from; no container engine needed.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcpqdrant-");

    [Fact]
    public async Task Manifest_in_the_repository_is_the_one_that_the_AppHost_publishes()
    {
        var published = await PublishAsync();
        var kept = Resources(Path.Combine(AppHost.RepositoryRoot, "aspire-manifest.json"));

        Assert.Equal(kept.Select(resource => resource.Key).Order(), published.Select(resource => resource.Key).Order());
        Assert.All(kept, resource => Assert.True(
            JsonNode.DeepEquals(resource.Value, published[resource.Key]),
            $"'{resource.Key}' differs: publish the manifest anew (docs/deploying.md).\nkept: {resource.Value}\npublished: {published[resource.Key]}"));
    }

    private async Task<JsonObject> PublishAsync()
    {
        var path = Path.Combine(_folder.FullName, "aspire-manifest.json");
        await using var appHost = await AppHost.CreateAsync("--publisher", "manifest", "--output-path", path);
        await using var app = await appHost.BuildAsync(TestContext.Current.CancellationToken);

        await app.RunAsync(TestContext.Current.CancellationToken);

        // Paths in a manifest count from its own folder.
        var resources = Resources(path);
        var build = resources["mcp-server"]!["build"]!.AsObject();
        foreach (var (name, value) in build.ToArray())
            build[name] = Path.GetRelativePath(AppHost.RepositoryRoot, Path.GetFullPath((string)value!, _folder.FullName));
        return resources;
    }

    private static JsonObject Resources(string path) => JsonNode.Parse(File.ReadAllText(path))!["resources"]!.AsObject();

    public void Dispose() => _folder.Delete(recursive: true);
}
