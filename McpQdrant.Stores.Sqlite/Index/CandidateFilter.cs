using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Says which memories of the index satisfy a filter, as one of them after the other stands for its payload. For one thread.</summary>
internal sealed class CandidateFilter : IFilterSubject
{
    private readonly Filter _filter;
    private readonly SqliteSession _session;
    private readonly SqliteCollection _collection;
    private readonly bool _readsText;
    private readonly bool _readsTime;
    private readonly bool _readsFirstTime;
    private readonly bool _readsExpiry;
    private readonly bool _readsWriter;

    // One for each set of fields that a memory may have. The payloads refer to the arrays of values, so that a candidate costs no allocation.
    private readonly (PayloadValue Payload, PayloadValue[] Values)[] _shapes = new (PayloadValue, PayloadValue[])[16];
    private IndexedMemory _memory;

    /// <param name="session">For the texts, and who wrote them, which are not in the index.</param>
    public CandidateFilter(Filter filter, SqliteSession session, SqliteCollection collection)
    {
        (_filter, _session, _collection) = (filter, session, collection);
        _readsText = filter.Reads(CollectionLayout.DefaultTextField);
        _readsTime = filter.Reads(CollectionLayout.StoredAtField);
        _readsFirstTime = filter.Reads(CollectionLayout.FirstStoredAtField);
        _readsExpiry = filter.Reads(CollectionLayout.ExpiresAtField);
        _readsWriter = filter.Reads(CollectionLayout.ByField);
    }

    public PointId Id => _memory.Id.Point;

    public PayloadValue Payload { get; private set; }

    public bool HasVector(string name) => name == CollectionLayout.KeywordVectorName || (name == _collection.VectorName && _memory.HasVector);

    public bool Accepts(in IndexedMemory memory)
    {
        _memory = memory;
        var writer = _readsWriter ? MemoryTable.Writer(_session, memory.Row) : null;
        ref var shape = ref _shapes[(memory.FirstStoredAt is null ? 0 : 1) | (memory.ExpiresAt is null ? 0 : 2) | (memory.StoredAt is null ? 0 : 4) | (writer is null ? 0 : 8)];
        if (shape.Values is null)
            shape = ShapeOf(memory, hasWriter: writer is not null);

        var at = 0;
        var values = shape.Values;
        values[at++] = _readsText && MemoryTable.Text(_session, memory.Row) is { } text ? new PayloadValue(text) : default;
        if (memory.FirstStoredAt is not null)
            values[at++] = _readsFirstTime ? Time(memory.FirstStoredAt) : default;
        if (writer is not null)
            values[at++] = new PayloadValue(writer);
        if (memory.ExpiresAt is not null)
            values[at++] = _readsExpiry ? Time(memory.ExpiresAt) : default;
        values[at++] = memory.Metadata;
        if (memory.StoredAt is not null)
            values[at] = _readsTime ? Time(memory.StoredAt) : default;
        Payload = shape.Payload;
        return _filter.Matches(this);
    }

    /// <summary>A payload with the keys that a memory has; what it doesn't have has no key.</summary>
    private static (PayloadValue Payload, PayloadValue[] Values) ShapeOf(in IndexedMemory memory, bool hasWriter)
    {
        // In ordinal order, as a payload's keys are.
        List<string> keys = [CollectionLayout.DefaultTextField];
        if (memory.FirstStoredAt is not null)
            keys.Add(CollectionLayout.FirstStoredAtField);
        if (hasWriter)
            keys.Add(CollectionLayout.ByField);
        if (memory.ExpiresAt is not null)
            keys.Add(CollectionLayout.ExpiresAtField);
        keys.Add(CollectionLayout.DefaultMetadataField);
        if (memory.StoredAt is not null)
            keys.Add(CollectionLayout.StoredAtField);

        var values = new PayloadValue[keys.Count];
        return (new PayloadValue(new PayloadObject([.. keys], values)), values);
    }

    private static PayloadValue Time(long? ticks) => ticks is { } known ? new PayloadValue(Rfc3339.Write(new DateTimeOffset(known, TimeSpan.Zero))) : default;
}
