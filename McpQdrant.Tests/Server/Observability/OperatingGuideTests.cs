using System.Text.RegularExpressions;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Server.Observability;

public sealed partial class OperatingGuideTests
{
    [Fact]
    public async Task Every_metric_in_the_guide_exists_and_every_one_of_ours_is_in_it()
    {
        var guide = File.ReadAllLines(Repository.File("docs/operating.md"));
        var told = guide.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(row => Metric().Matches(row.Split('|')[1])).Select(match => match.Value).ToHashSet();

        var watched = await Watched.RunAsync(async client =>
        {
            await client.CallToolAsync("qdrant-store", new Dictionary<string, object?> { ["information"] = "red apples", ["collection_name"] = "notes" });
            await client.CallToolAsync("qdrant-find", new Dictionary<string, object?> { ["query"] = "apples", ["limit"] = 1000, ["collection_name"] = "notes" });
            await client.CallToolAsync("qdrant-find", new Dictionary<string, object?> { ["query"] = "apples", ["collection_name"] = "nothing-here" });
        });

        var ours = watched.Metrics.Select(metric => metric.Name).Where(name => name.StartsWith("mcp_qdrant.", StringComparison.Ordinal)).Append("mcp_qdrant.collection.memories").ToHashSet();
        Assert.Superset(ours, told);
        Assert.Empty(told.Except(ours).Except(watched.Metrics.Select(metric => metric.Name)));
    }

    [GeneratedRegex(@"(?<=`)[a-z_]+(\.[a-z_]+)+(?=`)")]
    private static partial Regex Metric();
}
