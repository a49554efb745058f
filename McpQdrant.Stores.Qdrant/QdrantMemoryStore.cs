using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant;

/// <summary>Memories in a Qdrant server, by its REST API.</summary>
/// <remarks>
/// Writes are sent with <c>wait=true</c>: the answer comes after the server's log is on disk, and the next read finds what was written.
/// </remarks>
internal sealed partial class QdrantMemoryStore(QdrantClient client, QdrantChangeLog log, QdrantOptions options, ILogger<QdrantMemoryStore> logger)
    : IMemoryStore, IExpiryIndex, IErasure
{
    /// <summary>Hits to look at where more than one memory has the score of the last one: Qdrant brings equal scores in any order.</summary>
    private const int TiesLookedAt = 256;

    /// <summary>Memories a page; with their vectors about 1 MiB.</summary>
    private const int PageSize = 100;

    /// <summary>Memories a page where only their times are read.</summary>
    private const int TimesPageSize = 5000;

    private static readonly string[] TimeFields = [CollectionLayout.StoredAtField, CollectionLayout.FirstStoredAtField];

    /// <summary>Payloads looked at to learn a collection's shape.</summary>
    private const int Samples = 5;

    /// <summary>The first version that weighs words by itself and keeps a collection's notes.</summary>
    private static readonly Version KeywordsSince = new(1, 16);

    /// <remarks>Names that this server could not send back are other programs' affair: they are left out, and the others stay usable.</remarks>
    public async Task<IReadOnlyList<CollectionName>> ListAsync(CancellationToken cancellationToken)
    {
        var names = await client.ReadAsync(
            new QdrantRequest(HttpMethod.Get, "collections"),
            result => result.GetProperty("collections").EnumerateArray().Select(collection => collection.GetProperty("name").GetString()!).ToArray(),
            cancellationToken);
        return [.. names.Where(name => CollectionNameRule.Refusal(name) is null && name != CollectionName.ChangeLog).Order(StringComparer.Ordinal).Select(CollectionName.Parse)];
    }

    public async Task<CollectionInfo?> DescribeAsync(CollectionName collection, CancellationToken cancellationToken)
    {
        try
        {
            var info = await client.ReadAsync(
                QdrantRequest.On(collection, HttpMethod.Get, ""), description => QdrantCollection.Read(collection, description, samples: []), cancellationToken);
            return info with { Samples = await ReadSamplesAsync(collection, cancellationToken) };
        }
        catch (StaleCollectionException)
        {
            return null;
        }
    }

    public async Task CreateAsync(CollectionSpec spec, CancellationToken cancellationToken)
    {
        var version = await client.ReadVersionAsync(cancellationToken);
        var withKeywords = version is null || version >= KeywordsSince;
        try
        {
            await client.ChangeAsync(
                QdrantRequest.On(spec.Name, HttpMethod.Put, "", writer => QdrantCollection.WriteNew(writer, spec, options, withKeywords)), cancellationToken);
            Created(spec.Name, spec.Model.Model);
        }
        catch (QdrantRefusal refusal) when (IsThereAlready(refusal))
        {
            // Another caller was faster; the indexes are put all the same, in case it came no further.
        }

        foreach (var field in spec.IndexedFields)
            await IndexAsync(spec.Name, field.Path, QdrantCollection.Spell(field.Type), cancellationToken);
    }

    Task IExpiryIndex.AddAsync(CollectionName collection, CancellationToken cancellationToken) => IndexAsync(collection, CollectionLayout.ExpiresAtField, "datetime", cancellationToken);

    public async Task UpsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        foreach (var points in QdrantBatch.Of(memories, (writer, memory) => QdrantPoint.Write(writer, collection, memory, QdrantRevision.Create())))
            await client.WriteAsync(QdrantRequest.On(collection.Name, HttpMethod.Put, "/points?wait=true", points.Write), cancellationToken);
    }

    /// <remarks>
    /// Qdrant can't rank by age where one of the candidates has a field 'stored_at' that is no time. Another program may have written it, so
    /// the age is then counted here.
    /// </remarks>
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken)
    {
        if (collection.PassageVectorName is not null)
            return await SearchPassagesAsync(collection, search, cancellationToken);

        try
        {
            return await SearchInQdrantAsync(collection, search, cancellationToken);
        }
        catch (QdrantRefusal refusal) when (search.Recency is not null && refusal.Status == HttpStatusCode.BadRequest && refusal.Reason.Contains(CollectionLayout.StoredAtField, StringComparison.Ordinal))
        {
            var undated = search with { Recency = null, Limit = Math.Max(QdrantSearch.MinCandidates, search.Limit) };
            return QdrantHits.ByAge(await SearchInQdrantAsync(collection, undated, cancellationToken), search, collection);
        }
    }

    /// <remarks>The lists come in one request; what they hold is ranked here, as in the embedded store.</remarks>
    private async Task<IReadOnlyList<SearchHit>> SearchPassagesAsync(CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken)
    {
        var question = new QdrantPassageSearch(collection, search);
        var candidates = await client.ReadAsync(question.ToRequest(), result => QdrantCandidates.Read(result, question, collection), cancellationToken);
        if (search.Diversity is not null)
        {
            var points = await ReadPointsAsync(collection, candidates.Ids, withPayload: false, withVectors: true, cancellationToken);
            client.Shape(() =>
            {
                candidates.AddVectors(points, collection);
                return true;
            });
        }

        return [.. new CandidateRanking(search, candidates, question.Language).Rank(candidates.Near, candidates.ByKeywords).Select(hit => hit.With(candidates[hit.Id]))];
    }

    private async Task<IReadOnlyList<SearchHit>> SearchInQdrantAsync(CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken)
    {
        var question = new QdrantSearch(collection, search);
        var hits = await AskAsync(search.Limit + 1);
        // Equal scores at the cut: which of them come is chance, unless all are looked at.
        if (hits.Count > search.Limit && !question.IsDiverse && hits[search.Limit - 1].Score == hits[search.Limit].Score)
            hits = await AskAsync(search.Limit + TiesLookedAt);
        return hits.Count > search.Limit ? [.. hits.Take(search.Limit)] : hits;

        Task<IReadOnlyList<SearchHit>> AskAsync(int limit) =>
            client.ReadAsync(question.ToRequest(limit), result => QdrantHits.Read(result, question, collection), cancellationToken);
    }

    public async Task<IReadOnlyList<Memory>> GetAsync(CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken)
    {
        var points = await ReadPointsAsync(collection, ids, withPayload: true, withVectors: false, cancellationToken);
        return client.Shape(() => points.Select(point => QdrantPoint.Read(point, collection)).ToArray());
    }

    /// <remarks>
    /// Qdrant orders by a field only where it has an index of it, and by one field alone, so the times of all memories are read: some 100 bytes each.
    /// </remarks>
    public async Task<IReadOnlyList<Memory>> ReadNewestAsync(CollectionLayout collection, Filter? filter, int limit, ListPosition? after, CancellationToken cancellationToken)
    {
        // The oldest comes out first.
        var newest = new PriorityQueue<MemoryId, ListPosition>(Comparer<ListPosition>.Create((one, other) => other.CompareTo(one)));
        var pages = ReadPagesAsync(collection, writer => QdrantFilter.Write(writer, filter), filter, withVectors: false, cancellationToken, TimeFields, TimesPageSize);
        await foreach (var point in pages)
        {
            var position = client.Shape(() => ListPosition.Of(QdrantPoint.Read(point, collection)));
            if (position <= after)
                continue;
            newest.Enqueue(position.Id, position);
            if (newest.Count > limit)
                newest.Dequeue();
        }

        var ids = new MemoryId[newest.Count];
        for (var at = ids.Length - 1; at >= 0; at--)
            ids[at] = newest.Dequeue();
        return await GetAsync(collection, ids, cancellationToken);
    }

    public async Task<long> CountAsync(CollectionLayout collection, Filter? filter, CancellationToken cancellationToken)
    {
        var request = QdrantRequest.On(collection.Name, HttpMethod.Post, "/points/count", writer =>
        {
            QdrantFilter.Write(writer, filter);
            writer.WriteBoolean("exact", true);
        });
        return await client.ReadAsync(request with { Filter = filter }, result => result.GetProperty("count").GetInt64(), cancellationToken);
    }

    public async IAsyncEnumerable<StoredMemory> ReadAllAsync(
        CollectionLayout collection, Filter? filter, bool withVectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = ReadPagesAsync(collection, writer => QdrantFilter.Write(writer, filter), filter, withVectors, cancellationToken);
        await foreach (var point in pages)
            yield return client.Shape(() => QdrantPoint.ReadStored(point, collection));
    }

    /// <remarks>Deleted points are marked, and removed when the server rewrites a segment; no call makes it do so.</remarks>
    public Task<string?> EraseDeletedAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(
        "Qdrant answers nothing of what was deleted; its files hold it until the server rewrites the segment (vacuum optimizer, deleted_threshold), and its snapshots and backups until they are removed.");

    private async Task IndexAsync(CollectionName collection, string field, string schema, CancellationToken cancellationToken) => await client.WriteAsync(
        QdrantRequest.On(collection, HttpMethod.Put, "/index?wait=true", writer =>
        {
            writer.WriteString("field_name", field);
            writer.WriteString("field_schema", schema);
        }),
        cancellationToken);

    private Task<JsonElement[]> ReadSamplesAsync(CollectionName collection, CancellationToken cancellationToken) =>
        client.ReadAsync(
            QdrantRequest.On(collection, HttpMethod.Post, "/points/scroll", writer =>
            {
                writer.WriteNumber("limit", Samples);
                writer.WriteBoolean("with_payload", true);
                writer.WriteBoolean("with_vector", false);
            }),
            result => result.GetProperty("points").EnumerateArray()
                .Select(point => point.TryGetProperty("payload", out var payload) ? payload : default)
                .Where(payload => payload.ValueKind == JsonValueKind.Object)
                .ToArray(),
            cancellationToken);

    private async Task<IReadOnlyList<JsonElement>> ReadPointsAsync(
        CollectionLayout collection, IReadOnlyList<MemoryId> ids, bool withPayload, bool withVectors, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];

        return await client.ReadAsync(
            QdrantRequest.On(collection.Name, HttpMethod.Post, "/points", writer =>
            {
                QdrantPoint.WriteIds(writer, "ids", ids);
                writer.WriteBoolean("with_payload", withPayload);
                writer.WriteBoolean("with_vector", withVectors);
            }),
            result => result.EnumerateArray().ToArray(),
            cancellationToken);
    }

    private async IAsyncEnumerable<JsonElement> ReadPagesAsync(
        CollectionLayout collection, Action<Utf8JsonWriter> writeFilter, Filter? filter, bool withVectors,
        [EnumeratorCancellation] CancellationToken cancellationToken, IReadOnlyList<string>? fields = null, int pageSize = PageSize)
    {
        MemoryId? next = null;
        do
        {
            var request = QdrantRequest.On(collection.Name, HttpMethod.Post, "/points/scroll", writer =>
            {
                writeFilter(writer);
                writer.WriteNumber("limit", pageSize);
                if (next is { } offset)
                {
                    writer.WritePropertyName("offset");
                    QdrantPoint.WriteId(writer, offset);
                }
                WritePayloadFields(writer, fields);
                writer.WriteBoolean("with_vector", withVectors);
            });
            (var points, next) = await client.ReadAsync(request with { Filter = filter }, ReadPage, cancellationToken);
            foreach (var point in points)
                yield return point;
        }
        while (next is not null);
    }

    /// <param name="fields">Null for the whole payload.</param>
    private static void WritePayloadFields(Utf8JsonWriter writer, IReadOnlyList<string>? fields)
    {
        if (fields is null)
        {
            writer.WriteBoolean("with_payload", true);
            return;
        }

        writer.WriteStartArray("with_payload");
        foreach (var field in fields)
            writer.WriteStringValue(field);
        writer.WriteEndArray();
    }

    private static (JsonElement[] Points, MemoryId? Next) ReadPage(JsonElement page) => (
        page.GetProperty("points").EnumerateArray().ToArray(),
        page.TryGetProperty("next_page_offset", out var offset) && offset.ValueKind != JsonValueKind.Null ? QdrantPoint.ReadId(offset) : null);

    /// <summary>A collection, or an alias of that name, has come into being since it was looked for.</summary>
    internal static bool IsThereAlready(QdrantRefusal refusal) =>
        refusal.Status == HttpStatusCode.Conflict || refusal.Reason.Contains("Alias with the same name already exists", StringComparison.Ordinal);

    [LoggerMessage(LogLevel.Information, "Created collection {Collection} for vectors of {Model}")]
    private partial void Created(CollectionName collection, string model);
}
