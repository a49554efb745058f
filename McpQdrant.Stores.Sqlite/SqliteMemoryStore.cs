using System.Runtime.CompilerServices;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Index;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite;

/// <summary>Memories in a SQLite file that several processes may share, their vectors in this process.</summary>
internal sealed partial class SqliteMemoryStore : IMemoryStore, IExpiryIndex, IDisposable
{
    private const int PageSize = 256;

    private readonly SqliteStoreOptions _options;
    private readonly SqliteDatabase _database;
    private readonly WriteQueue _writes;
    private readonly LiveIndexes _indexes = new();

    public SqliteMemoryStore(SqliteStoreOptions options, ILogger<SqliteMemoryStore> logger)
    {
        _options = options;
        _database = new SqliteDatabase(options, logger);
        _writes = new WriteQueue(_database);
    }

    public Task<IReadOnlyList<CollectionName>> ListAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CollectionName>>(session => [.. CollectionTable.Names(session).Select(CollectionName.Parse)], cancellationToken);

    public Task<CollectionInfo?> DescribeAsync(CollectionName collection, CancellationToken cancellationToken) =>
        ReadAsync(session => CollectionTable.Find(session, collection) is { } found ? Describe(session, found, collection) : null, cancellationToken);

    public Task CreateAsync(CollectionSpec spec, CancellationToken cancellationToken) => _writes.RunAsync(
        session =>
        {
            CollectionTable.Create(session, spec);
            return true;
        },
        cancellationToken);

    public Task UpsertAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken) =>
        _writes.RunAsync(
            session =>
            {
                var target = CollectionTable.Require(session, collection);
                foreach (var memory in memories)
                    MemoryTable.Upsert(session, target, memory);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<SearchHit>> SearchAsync(
        CollectionLayout collection, SearchRequest search, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<SearchHit>>(
            (session, stamp) =>
            {
                var source = CollectionTable.Require(session, collection);
                var question = new SqliteSearch(session, source, search, collection.Keywords?.HasPairs == true, cancellationToken);
                var hits = _indexes.Get(source).Read(session, stamp, question.Run);

                // Another process may have deleted one of them in this moment.
                return
                [
                    .. from hit in hits
                       let memory = MemoryTable.Find(session, source, hit.Id)
                       where memory is not null
                       select hit.With(memory),
                ];
            },
            cancellationToken);

    public Task<IReadOnlyList<Memory>> GetAsync(
        CollectionLayout collection, IReadOnlyList<MemoryId> ids, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Memory>>(
            session =>
            {
                var source = CollectionTable.Require(session, collection);
                return [.. ids.Distinct().Select(id => MemoryTable.Find(session, source, id)).OfType<Memory>()];
            },
            cancellationToken);

    public Task<IReadOnlyList<Memory>> ReadNewestAsync(CollectionLayout collection, Filter? filter, int limit, ListPosition? after, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Memory>>(
            (session, stamp) =>
            {
                var source = CollectionTable.Require(session, collection);
                var candidates = filter is null ? null : new CandidateFilter(filter, session, source);
                var newest = _indexes.Get(source).Read(session, stamp, index => index.Newest(candidates, limit, after));
                return [.. newest.Select(id => MemoryTable.Find(session, source, id)).OfType<Memory>()];
            },
            cancellationToken);

    public Task<long> CountAsync(CollectionLayout collection, Filter? filter, CancellationToken cancellationToken) => ReadAsync(
        (session, stamp) =>
        {
            var source = CollectionTable.Require(session, collection);
            return filter is null ? MemoryTable.Count(session, source.Key) : Matching(session, stamp, source, filter).Count;
        },
        cancellationToken);

    /// <remarks>The file has it for every collection.</remarks>
    Task IExpiryIndex.AddAsync(CollectionName collection, CancellationToken cancellationToken) => Task.CompletedTask;

    public async IAsyncEnumerable<StoredMemory> ReadAllAsync(
        CollectionLayout collection, Filter? filter, bool withVectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ids = filter is null ? null : await ReadAsync(
            (session, stamp) => Matching(session, stamp, CollectionTable.Require(session, collection), filter).ConvertAll(memory => memory.Id),
            cancellationToken);
        ids?.Sort();

        // No transaction spans two pages: a reader that takes its time would keep the file's log from being cleared.
        MemoryId? last = null;
        for (var start = 0; ; start += PageSize)
        {
            var page = await ReadAsync(
                session =>
                {
                    var source = CollectionTable.Require(session, collection);
                    return ids is null
                        ? MemoryTable.Page(session, source, last, PageSize)
                        : [.. ids.Skip(start).Take(PageSize).Select(id => MemoryTable.FindStored(session, source, id)).OfType<StoredMemory>()];
                },
                cancellationToken);

            foreach (var memory in page)
                yield return withVectors ? memory : memory with { Vector = null };
            if (ids is null ? page.Count < PageSize : start + PageSize >= ids.Count)
                yield break;
            last = page.Count > 0 ? page[^1].Memory.Id : last;
        }
    }

    public void Dispose()
    {
        _writes.Dispose();
        _database.Dispose();
        _indexes.Dispose();
    }

    private static CollectionInfo Describe(SqliteSession session, SqliteCollection collection, CollectionName name) => new()
    {
        Name = name,
        Points = MemoryTable.Count(session, collection.Key),
        Vectors =
        [
            new VectorInfo(collection.VectorName, collection.VectorSize, Distance.Cosine),
            new VectorInfo(EmbeddingIdentity.PassageVectorNameOf(collection.VectorName), collection.VectorSize, Distance.Cosine, IsMultivector: true),
        ],
        SparseVectors = [CollectionLayout.KeywordVectorName],
        Expires = MemoryTable.Expire(session, collection.Key),
        Metadata = CollectionTable.ReadNotes(collection),
    };

    private List<IndexedMemory> Matching(SqliteSession session, ChangeStamp stamp, SqliteCollection collection, Filter filter)
    {
        var candidates = new CandidateFilter(filter, session, collection);
        return _indexes.Get(collection).Read(session, stamp, index => index.Matching(candidates).Select(place => index[place]).ToList());
    }

    private Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken) =>
        ReadAsync((session, _) => read(session), cancellationToken);

    private Task<T> ReadAsync<T>(Func<SqliteSession, ChangeStamp, T> read, CancellationToken cancellationToken) =>
        Task.Run(() => _database.Use(read), cancellationToken);
}
