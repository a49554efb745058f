using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Server.Observability;

/// <summary>The Grafana dashboard asks only for metrics that there are, as Prometheus gets them from OpenTelemetry.</summary>
public sealed partial class DashboardTests
{
    private static readonly string Dashboard = File.ReadAllText(Repository.File("deploy/grafana/mcp-server-qdrant.json"));

    [Fact]
    public async Task Every_metric_that_is_asked_for_exists()
    {
        var known = await KnownMetricsAsync();

        var asked = Expressions(JsonNode.Parse(Dashboard)!).SelectMany(expression => Metric().Matches(expression)).Select(match => match.Value).Distinct().ToArray();

        Assert.True(asked.Length >= 15, string.Join(' ', asked));
        Assert.Empty(asked.Except(known));
    }

    /// <remarks>Some metrics appear with the first call that they are about, and go with the server.</remarks>
    private static async Task<IEnumerable<string>> KnownMetricsAsync()
    {
        var names = new ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                foreach (var name in PrometheusNames(instrument))
                    names.Add(name);
            },
        };
        listener.Start();

        await Watched.RunAsync(async client =>
        {
            await client.CallToolAsync("qdrant-store", new Dictionary<string, object?> { ["information"] = "red apples", ["collection_name"] = "notes" });
            await client.CallToolAsync("qdrant-find", new Dictionary<string, object?> { ["query"] = "apples", ["collection_name"] = "notes" });
        });
        return names;
    }

    /// <remarks>OpenTelemetry's specification, "Prometheus and OpenMetrics compatibility": dots become underscores, then the unit, then what kind it is.</remarks>
    private static IEnumerable<string> PrometheusNames(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = instrument.Name.Replace('.', '_') + unit;
        return instrument switch
        {
            Histogram<double> or Histogram<int> => [$"{name}_bucket", $"{name}_count", $"{name}_sum"],
            Counter<long> or ObservableCounter<long> or ObservableCounter<double> => [$"{name}_total"],
            _ => [name],
        };
    }

    private static IEnumerable<string> Expressions(JsonNode node) => node switch
    {
        JsonObject @object => @object.SelectMany(member => member is { Key: "expr" or "query", Value: JsonValue value } ? [value.ToString()] : Expressions(member.Value!)),
        JsonArray array => array.SelectMany(item => Expressions(item!)),
        _ => [],
    };

    /// <remarks>In these expressions a metric stands before its labels, or first in <c>label_values</c>.</remarks>
    [GeneratedRegex(@"[a-z_]+(?=\{)|(?<=label_values\()[a-z_]+")]
    private static partial Regex Metric();
}
