using System.Diagnostics.Metrics;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Server.Hosting.Observability;

/// <summary>Counts the memories of each collection once a minute, while somebody watches that figure.</summary>
internal sealed partial class CollectionSizeGauge : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>More series than this would help nobody and burden the store.</summary>
    public const int MaxCollections = 200;

    private readonly IMemoryStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<CollectionSizeGauge> _logger;
    private readonly ObservableGauge<long> _gauge;
    private volatile IReadOnlyList<Measurement<long>> _last = [];

    public CollectionSizeGauge(IMemoryStore store, TimeProvider clock, ILogger<CollectionSizeGauge> logger)
    {
        (_store, _clock, _logger) = (store, clock, logger);
        _gauge = MemoryTelemetry.Meter.CreateObservableGauge("mcp_qdrant.collection.memories", () => _last, "{memory}", "Memories in a collection.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        do
        {
            if (_gauge.Enabled)
                await CountAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        var counts = new List<Measurement<long>>();
        try
        {
            foreach (var name in (await _store.ListAsync(cancellationToken)).Take(MaxCollections))
            {
                if (await PointsAsync(name, cancellationToken) is { } points)
                    counts.Add(new Measurement<long>(points, KeyValuePair.Create(MemoryMetrics.Collection, (object?)name.Value)));
            }
        }
        catch (MemoryException failure)
        {
            NotCounted("the collections", failure.Message);
        }
        catch (Exception mistake) when (mistake is not OperationCanceledException)
        {
            // A figure less is no reason to end the server.
            CountFailed(mistake);
        }
        _last = counts;
    }

    /// <summary>The memories of one collection; null where it is gone, or where it is another program's and so odd that it can't be described.</summary>
    private async Task<long?> PointsAsync(CollectionName name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _store.DescribeAsync(name, cancellationToken))?.Points;
        }
        catch (MemoryException failure) when (!failure.IsOutage)
        {
            NotCounted(name.Value, failure.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The memories of {What} could not be counted: {Reason}")]
    private partial void NotCounted(string what, string reason);

    [LoggerMessage(LogLevel.Warning, "The memories could not be counted")]
    private partial void CountFailed(Exception mistake);
}
