using System.Diagnostics;
using System.IO.Pipelines;
using McpQdrant.Core;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Search;
using McpQdrant.Core.Telemetry;
using McpQdrant.Embeddings;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Hosting.Observability;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Mcp.Tools;
using McpQdrant.ServiceDefaults;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace McpQdrant.Tests.Server.Observability;

/// <summary>What a server tells of some calls.</summary>
/// <param name="Spans">Of these calls alone, in the order in which they ended.</param>
/// <param name="Metrics">Of the whole process: other tests may run beside this one.</param>
internal sealed record Watched(IReadOnlyList<Activity> Spans, IReadOnlyList<MetricSnapshot> Metrics)
{
    public static readonly string TinyModel = Path.Combine(AppContext.BaseDirectory, "Fixtures", "tiny-test");

    private static readonly ActivitySource Caller = new("McpQdrant.Tests.Caller");

    /// <summary>The parts of a server in this process, and an MCP client that calls them.</summary>
    /// <param name="folder">Of the embedded store; null for one in memory.</param>
    public static async Task<Watched> RunAsync(Func<McpClient, Task> call, string? folder = null)
    {
        var (spans, metrics) = (new List<Activity>(), new List<MetricSnapshot>());
        using var host = Build(folder, spans, metrics);
        await host.StartAsync(Token);

        var trace = await CallAsync(host.Services, call);

        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        MetricSnapshot[] measured = [.. metrics];
        await host.StopAsync(Token);
        host.Services.GetRequiredService<TracerProvider>().Shutdown();
        return new Watched([.. spans.Where(span => span.TraceId == trace)], measured);
    }

    public Activity Span(string name, ActivityKind kind) => Assert.Single(Spans, span => span.DisplayName == name && span.Kind == kind);

    /// <summary>The sum of a counter, or the count of a histogram, over the points that have the tag.</summary>
    public double Total(string metric, string tag, object value) =>
        Points(metric, tag, value).Sum(point => point.Type.IsHistogram() ? point.Point.GetHistogramCount() : point.Point.GetSumLong());

    /// <summary>Every value of every attribute of every series.</summary>
    public IReadOnlyList<string> Values()
    {
        var values = new List<string>();
        foreach (var snapshot in Metrics)
        {
            foreach (var point in snapshot.MetricPoints)
            {
                foreach (var (_, tagged) in point.Tags)
                    values.Add($"{tagged}");
            }
        }
        return values;
    }

    public IReadOnlyList<(MetricType Type, MetricPoint Point)> Points(string metric, string tag, object value)
    {
        var points = new List<(MetricType, MetricPoint)>();
        foreach (var snapshot in Metrics.Where(snapshot => snapshot.Name == metric))
        {
            foreach (var point in snapshot.MetricPoints)
            {
                foreach (var (name, tagged) in point.Tags)
                {
                    if (name == tag && Equals(tagged, value))
                        points.Add((snapshot.MetricType, point));
                }
            }
        }
        return points;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IHost Build(string? folder, List<Activity> spans, List<MetricSnapshot> metrics)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services
            .AddMemories(new SearchOptions(), new CollectionDefaults())
            .AddSqliteStore(new SqliteStoreOptions { Folder = folder })
            .AddEmbeddings(new EmbeddingOptions { ModelPath = TinyModel })
            .AddAccess(new AccessBounds(), McpQdrant.Core.Access.Caller.Local)
            .AddTools(new ToolOptions())
            .AddObservability("sqlite");
        builder.Services.AddOpenTelemetry()
            .Observe([.. MemoryTelemetry.Sources, Caller.Name], [.. MemoryTelemetry.Meters])
            .WithTracing(tracing => tracing.AddInMemoryExporter(spans))
            .WithMetrics(metering => metering.AddInMemoryExporter(metrics));
        return builder.Build();
    }

    private static async Task<ActivityTraceId> CallAsync(IServiceProvider services, Func<McpClient, Task> call)
    {
        var (requests, answers) = (new Pipe(), new Pipe());
        await using var transport = new StreamServerTransport(requests.Reader.AsStream(), answers.Writer.AsStream());
        await using var server = McpServer.Create(transport, services.GetRequiredService<IOptions<McpServerOptions>>().Value, loggerFactory: null, services);
        var serving = server.RunAsync(Token);

        ActivityTraceId trace;
        await using (var client = await McpClient.CreateAsync(new StreamClientTransport(requests.Writer.AsStream(), answers.Reader.AsStream()), cancellationToken: Token))
        {
            using var caller = Caller.StartActivity("caller")!;
            trace = caller.TraceId;
            await call(client);
        }
        await requests.Writer.CompleteAsync();
        await serving;
        return trace;
    }
}
