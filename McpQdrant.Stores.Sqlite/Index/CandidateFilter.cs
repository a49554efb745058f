using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Says which memories of the index satisfy a filter, as one of them after the other stands for its payload. For one thread.</summary>
internal sealed class CandidateFilter : IFilterSubject
{
    // In ordinal order, as a payload's keys are; a memory without a time, or one that was never changed, has no such key.
    private static readonly string[] Keys = [CollectionLayout.DefaultTextField, CollectionLayout.DefaultMetadataField, CollectionLayout.StoredAtField];
    private static readonly string[] ChangedKeys = [CollectionLayout.DefaultTextField, CollectionLayout.FirstStoredAtField, CollectionLayout.DefaultMetadataField, CollectionLayout.StoredAtField];

    private readonly Filter _filter;
    private readonly SqliteSession _session;
    private readonly SqliteCollection _collection;
    private readonly bool _readsText;
    private readonly bool _readsTime;
    private readonly bool _readsFirstTime;

    // The payloads refer to these arrays, so that a candidate costs no allocation.
    private readonly PayloadValue[] _values = new PayloadValue[Keys.Length];
    private readonly PayloadValue[] _changedValues = new PayloadValue[ChangedKeys.Length];
    private readonly PayloadValue _dated;
    private readonly PayloadValue _undated;
    private readonly PayloadValue _changed;
    private IndexedMemory _memory;

    /// <param name="session">For the texts, which are not in the index.</param>
    public CandidateFilter(Filter filter, SqliteSession session, SqliteCollection collection)
    {
        (_filter, _session, _collection) = (filter, session, collection);
        _readsText = filter.Reads(CollectionLayout.DefaultTextField);
        _readsTime = filter.Reads(CollectionLayout.StoredAtField);
        _readsFirstTime = filter.Reads(CollectionLayout.FirstStoredAtField);
        _dated = new PayloadValue(new PayloadObject(Keys, _values));
        _undated = new PayloadValue(new PayloadObject(Keys[..^1], _values));
        _changed = new PayloadValue(new PayloadObject(ChangedKeys, _changedValues));
    }

    public PointId Id => _memory.Id.Point;

    public PayloadValue Payload { get; private set; }

    public bool HasVector(string name) => name == CollectionLayout.KeywordVectorName || (name == _collection.VectorName && _memory.HasVector);

    public bool Accepts(in IndexedMemory memory)
    {
        _memory = memory;
        _values[0] = _readsText && MemoryTable.Text(_session, memory.Row) is { } text ? new PayloadValue(text) : default;
        _values[1] = memory.Metadata;
        _values[2] = _readsTime ? Time(memory.StoredAt) : default;
        if (memory.FirstStoredAt is null)
            Payload = memory.StoredAt is null ? _undated : _dated;
        else
        {
            _values.AsSpan(1).CopyTo(_changedValues.AsSpan(2));
            (_changedValues[0], _changedValues[1]) = (_values[0], _readsFirstTime ? Time(memory.FirstStoredAt) : default);
            Payload = _changed;
        }
        return _filter.Matches(this);
    }

    private static PayloadValue Time(long? ticks) => ticks is { } known ? new PayloadValue(Rfc3339.Write(new DateTimeOffset(known, TimeSpan.Zero))) : default;
}
