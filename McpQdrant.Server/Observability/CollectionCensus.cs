using System.Diagnostics.Metrics;
using McpQdrant.Server.Diagnostics;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Observability;

/// <summary>Counts the memories of each collection once a minute, while somebody watches that figure.</summary>
internal sealed partial class CollectionCensus : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>More series than this would help nobody and burden the store.</summary>
    public const int MaxCollections = 200;

    private readonly IMemoryStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<CollectionCensus> _logger;
    private readonly ObservableGauge<long> _gauge;
    private volatile IReadOnlyList<Measurement<long>> _last = [];

    public CollectionCensus(IMemoryStore store, TimeProvider clock, ILogger<CollectionCensus> logger)
    {
        (_store, _clock, _logger) = (store, clock, logger);
        _gauge = Telemetry.Meter.CreateObservableGauge("mcp_qdrant.collection.memories", () => _last, "{memory}", "Memories in a collection.");
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
        try
        {
            var counts = new List<Measurement<long>>();
            foreach (var name in (await _store.ListAsync(cancellationToken)).Take(MaxCollections))
            {
                if (await _store.DescribeAsync(name, cancellationToken) is { } collection)
                    counts.Add(new Measurement<long>(collection.Points, KeyValuePair.Create(MemoryMetrics.Collection, (object?)name.Value)));
            }
            _last = counts;
        }
        catch (MemoryException failure)
        {
            _last = [];
            NotCounted(failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The memories could not be counted: {Reason}")]
    private partial void NotCounted(string reason);
}
