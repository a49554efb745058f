using System.Text.Json.Nodes;

namespace McpQdrant.AppHost.Tests;

/// <summary>What deployment tools read of an application; no container engine needed.</summary>
internal static class Manifest
{
    /// <returns>The manifest's <c>resources</c>.</returns>
    public static async Task<JsonObject> PublishAsync(Action<IDistributedApplicationBuilder> compose)
    {
        var folder = Directory.CreateTempSubdirectory("mcpqdrant-");
        try
        {
            var path = Path.Combine(folder.FullName, "manifest.json");
            var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", path]);
            compose(builder);
            await using var app = builder.Build();

            await app.RunAsync(TestContext.Current.CancellationToken);

            return JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!["resources"]!.AsObject();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
