using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>The indexes of the collections that are in use. A small one that wasn't used for long gives way, and is read from the file again when it is asked for.</summary>
internal sealed class LiveIndexes : IDisposable
{
    /// <summary>How many small indexes there may be. Large ones stay: there can only be so many, and reading one again takes its next user's time.</summary>
    private const int MaxSmall = 512;

    /// <summary>Some at once, so that not every new index looks for one to go.</summary>
    private const int KeptSmall = MaxSmall * 3 / 4;

    /// <summary>In memories; reading as many from the file takes milliseconds.</summary>
    private const int SmallIndex = IndexChunk.Capacity;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly PayloadDecoder _decoder = new();
    private int _loadedSinceCleaning;
    private long _uses;

    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    public LiveIndex Get(SqliteCollection collection)
    {
        lock (_lock)
        {
            // A collection whose notes were changed, or another one in a file that took the place of this one, has the same key.
            if (!_entries.TryGetValue(collection.Key, out var entry) || entry.Collection != collection)
            {
                if (++_loadedSinceCleaning >= MaxSmall - KeptSmall && _entries.Count >= MaxSmall)
                    Clean();
                _entries[collection.Key] = entry = new Entry(collection, new LiveIndex(collection, _decoder));
            }

            entry.LastUse = ++_uses;
            return entry.Index;
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values)
            entry.Index.Dispose();
    }

    private void Clean()
    {
        _loadedSinceCleaning = 0;
        var small = _entries.Where(pair => pair.Value.Index.Count < SmallIndex).OrderBy(pair => pair.Value.LastUse).ToList();

        // Not disposed: a search may be reading it.
        foreach (var (key, _) in small.Take(small.Count - KeptSmall))
            _entries.Remove(key);
    }

    private sealed class Entry(SqliteCollection collection, LiveIndex index)
    {
        public SqliteCollection Collection { get; } = collection;

        public LiveIndex Index { get; } = index;

        public long LastUse { get; set; }
    }
}
