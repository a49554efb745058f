namespace McpQdrant.AppHost.Tests;

/// <summary>What deployments are made from; no container engine needed.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcpqdrant-");

    [Fact]
    public async Task Manifest_in_the_repository_is_the_one_that_the_AppHost_publishes()
    {
        var kept = await File.ReadAllTextAsync(Path.Combine(AppHost.RepositoryRoot, "aspire-manifest.json"), TestContext.Current.CancellationToken);

        Assert.Equal(await PublishAsync(), kept); // Where they differ, publish the manifest again: docs/deploying.md.
    }

    private async Task<string> PublishAsync()
    {
        var path = Path.Combine(_folder.FullName, "aspire-manifest.json");
        await using var appHost = await AppHost.CreateAsync("--publisher", "manifest", "--output-path", path);
        await using var app = await appHost.BuildAsync(TestContext.Current.CancellationToken);

        await app.RunAsync(TestContext.Current.CancellationToken);

        // Paths in a manifest are relative to its folder, which here is not the repository's root.
        var root = Path.GetRelativePath(_folder.FullName, AppHost.RepositoryRoot).Replace('\\', '/');
        var manifest = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        return manifest.Replace($"{root}/", "", StringComparison.Ordinal).Replace(root, ".", StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
