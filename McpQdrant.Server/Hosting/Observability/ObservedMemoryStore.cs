using System.Diagnostics;
using System.Diagnostics.Metrics;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Server.Hosting.Observability;

/// <summary>A store whose calls can be watched: a span each, and how long it took.</summary>
/// <param name="system">The store's name in OpenTelemetry's attribute <c>db.system.name</c>.</param>
/// <remarks>By OpenTelemetry's conventions for database clients, 1.37. Texts, questions, filters and messages of failures, which may quote them, stay out.</remarks>
internal sealed class ObservedMemoryStore(IMemoryStore inner, string system, TimeProvider clock) : IMemoryStore
{
    private static readonly Histogram<double> Durations = MemoryTelemetry.Meter.CreateHistogram<double>(
        "db.client.operation.duration", "s", "How long an operation on the store took.");

    public Task<IReadOnlyList<CollectionName>> ListAsync(CancellationToken cancellationToken) =>
        ObserveAsync("list_collections", null, _ => inner.ListAsync(cancellationToken));

    public Task<CollectionInfo?> DescribeAsync(CollectionName collection, CancellationToken cancellationToken) =>
        ObserveAsync("describe_collection", collection, async _ =>
        {
            var info = await inner.DescribeAsync(collection, cancellationToken);
            if (info is not null)
                CollectionSeries.Add(collection.Value);
            return info;
        });

    public Task CreateAsync(CollectionSpec spec, CancellationToken cancellationToken) =>
        ObserveAsync("create_collection", spec.Name, async _ =>
        {
            await inner.CreateAsync(spec, cancellationToken);
            CollectionSeries.Add(spec.Name.Value);
            return true;
        });

    public Task UpsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken) =>
        ObserveAsync("upsert", collection.Name, async span =>
        {
            span?.SetTag("db.operation.batch.size", memories.Count);
            await inner.UpsertAsync(collection, memories, cancellationToken);
            return true;
        });

    public Task<IReadOnlyList<MemoryId>> InsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, ChangeOrigin? origin, CancellationToken cancellationToken) =>
        ObserveAsync("insert", collection.Name, span =>
        {
            span?.SetTag("db.operation.batch.size", memories.Count);
            return inner.InsertAsync(collection, memories, origin, cancellationToken);
        });

    public Task<bool> ReplaceAsync(CollectionLayout collection, StoredMemory memory, MemoryRevision read, ChangeOrigin? origin, CancellationToken cancellationToken) =>
        ObserveAsync("replace", collection.Name, _ => inner.ReplaceAsync(collection, memory, read, origin, cancellationToken));

    public Task<IReadOnlyList<SearchHit>> SearchAsync(CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken) =>
        ObserveAsync("search", collection.Name, async span =>
        {
            span?.SetTag("mcp_qdrant.search.mode", ModeOf(search));
            var hits = await inner.SearchAsync(collection, search, cancellationToken);
            span?.SetTag("db.response.returned_rows", hits.Count);
            return hits;
        });

    public Task<IReadOnlyList<Memory>> GetAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken) =>
        ObserveAsync("get", collection.Name, async span =>
        {
            var memories = await inner.GetAsync(collection, ids, cancellationToken);
            span?.SetTag("db.response.returned_rows", memories.Count);
            return memories;
        });

    public Task<IReadOnlyList<Memory>> ReadNewestAsync(CollectionLayout collection, Filter? filter, int limit, ListPosition? after, CancellationToken cancellationToken) =>
        ObserveAsync("read_newest", collection.Name, async span =>
        {
            var memories = await inner.ReadNewestAsync(collection, filter, limit, after, cancellationToken);
            span?.SetTag("db.response.returned_rows", memories.Count);
            return memories;
        });

    public Task<long> CountAsync(CollectionLayout collection, Filter? filter, CancellationToken cancellationToken) =>
        ObserveAsync("count", collection.Name, _ => inner.CountAsync(collection, filter, cancellationToken));

    public Task<long> DeleteAsync(CollectionLayout collection, MemorySelection selection, ChangeOrigin? origin, CancellationToken cancellationToken) =>
        ObserveAsync("delete", collection.Name, _ => inner.DeleteAsync(collection, selection, origin, cancellationToken));

    /// <remarks>Not observed: it lasts as long as its reader likes.</remarks>
    public IAsyncEnumerable<StoredMemory> ReadAllAsync(CollectionLayout collection, Filter? filter, bool withVectors, CancellationToken cancellationToken) =>
        inner.ReadAllAsync(collection, filter, withVectors, cancellationToken);

    private async Task<T> ObserveAsync<T>(string operation, CollectionName? collection, Func<Activity?, Task<T>> call)
    {
        var tags = new TagList { { "db.system.name", system }, { "db.operation.name", operation } };
        using var span = MemoryTelemetry.Activities.StartActivity(ActivityKind.Client, tags: tags, name: collection is null ? operation : $"{operation} {collection}");
        if (collection is { } called)
            span?.SetTag(MemoryMetrics.Collection, called.Value);
        var started = clock.GetTimestamp();
        try
        {
            return await call(span);
        }
        catch (Exception failure)
        {
            tags.Add("error.type", failure.GetType().Name);
            span?.SetTag("error.type", failure.GetType().Name);
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            if (collection is { } name)
                tags.Add(MemoryMetrics.Collection, CollectionSeries.NameOf(name.Value));
            Durations.Record(clock.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    private static string ModeOf(SearchRequest search) => search switch
    {
        { Vector: not null, Keywords: not null } => "hybrid",
        { Vector: not null } => "dense",
        _ => "keyword",
    };
}
