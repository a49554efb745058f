using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace McpQdrant.Core.Telemetry;

/// <summary>The figures that are about memories. How long stores and models take is measured where they are called.</summary>
public static class MemoryMetrics
{
    /// <summary>OpenTelemetry's attribute for a collection.</summary>
    public const string Collection = "db.collection.name";

    private static readonly Counter<long> Finds = MemoryTelemetry.Meter.CreateCounter<long>(
        "mcp_qdrant.finds", "{find}", "Searches for memories that were answered.");

    private static readonly Counter<long> EmptyFinds = MemoryTelemetry.Meter.CreateCounter<long>(
        "mcp_qdrant.finds.empty", "{find}", "Searches that found nothing.");

    private static readonly Histogram<int> FindResults = MemoryTelemetry.Meter.CreateHistogram(
        "mcp_qdrant.find.results", "{memory}", "Memories that a search found.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [0, 1, 2, 5, 10, 20, 50, 100] });

    private static readonly Counter<long> Stores = MemoryTelemetry.Meter.CreateCounter<long>(
        "mcp_qdrant.stores", "{memory}", "Memories that were stored, new ones and known ones.");

    private static readonly Counter<long> Refusals = MemoryTelemetry.Meter.CreateCounter<long>(
        "mcp_qdrant.refusals", "{call}", "Calls of tools that were refused with a sentence that says what to do.");

    private static readonly Counter<long> CacheLookups = MemoryTelemetry.Meter.CreateCounter<long>(
        "mcp_qdrant.embedding_cache.lookups", "{text}", "Texts whose vectors were looked up in the cache.");

    private static readonly Histogram<double> QueueWaits = MemoryTelemetry.Meter.CreateHistogram<double>(
        "mcp_qdrant.queue.wait", "s", "How long work waited for its turn.");

    /// <param name="mode"><c>hybrid</c>, <c>dense</c> or <c>keyword</c>.</param>
    public static void Found(string collection, string mode, int results)
    {
        var where = KeyValuePair.Create(Collection, (object?)CollectionSeries.NameOf(collection));
        var how = KeyValuePair.Create("mcp_qdrant.search.mode", (object?)mode);

        Finds.Add(1, where, how);
        FindResults.Record(results, where, how);
        if (results == 0)
            EmptyFinds.Add(1, where, how);
    }

    /// <param name="isNew">Whether it was not there before.</param>
    public static void Stored(string collection, bool isNew) =>
        Stores.Add(1, KeyValuePair.Create(Collection, (object?)CollectionSeries.NameOf(collection)), KeyValuePair.Create("mcp_qdrant.memory.new", (object?)isNew));

    public static void Refused(string tool) => Refusals.Add(1, KeyValuePair.Create("gen_ai.tool.name", (object?)tool));

    public static void LookedUp(bool hit) => CacheLookups.Add(1, KeyValuePair.Create("mcp_qdrant.cache.hit", (object?)hit));

    /// <summary>Waits for a turn, and tells how long that took.</summary>
    /// <param name="queue">What is waited for: <c>embeddings</c> or <c>writes</c>.</param>
    public static async Task WaitAsync(SemaphoreSlim turn, string queue, CancellationToken cancellationToken)
    {
        var arrived = Stopwatch.GetTimestamp();
        await turn.WaitAsync(cancellationToken);
        QueueWaits.Record(Stopwatch.GetElapsedTime(arrived).TotalSeconds, KeyValuePair.Create("mcp_qdrant.queue.name", (object?)queue));
    }
}
