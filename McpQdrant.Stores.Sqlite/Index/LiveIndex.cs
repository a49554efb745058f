using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>A collection's index, kept in step with the file: reads only what was written since it looked last, by whichever process.</summary>
/// <param name="decoder">Of all metadata in the store, so that what recurs is kept once.</param>
internal sealed class LiveIndex(SqliteCollection collection, PayloadDecoder decoder) : IDisposable
{
    // Below it, gaps cost less than reading everything again.
    private const int FewGaps = 4 * IndexChunk.Capacity;

    // Of more, reading the lists of terms again costs less than making terms of the texts.
    private const int FewTexts = 256;

    private readonly CollectionIndex _index = new(collection.VectorSize, CollectionTable.KeywordsOf(collection).AverageLength);
    private readonly ReaderWriterLockSlim _lock = new();
    private ChangeStamp _stamp;
    private long _deletions;

    /// <summary>How many memories it held when it was looked at last.</summary>
    public int Count => _index.Count;

    /// <summary>Reads the index as it was when <paramref name="stamp"/> was taken, or later.</summary>
    public T Read<T>(SqliteSession session, ChangeStamp stamp, Func<CollectionIndex, T> read)
    {
        _lock.EnterReadLock();
        try
        {
            if (_stamp == stamp)
                return read(_index);
        }
        finally
        {
            _lock.ExitReadLock();
        }

        CatchUp(session, stamp);

        _lock.EnterReadLock();
        try
        {
            return read(_index);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void CatchUp(SqliteSession session, ChangeStamp stamp)
    {
        _lock.EnterWriteLock();
        try
        {
            if (_stamp == stamp)
                return;
            if (_stamp.Generation != stamp.Generation || _index.Gaps > Math.Max(FewGaps, _index.Count))
                _index.Clear();

            // One transaction sees one state of the file.
            session.Execute("BEGIN");
            var deletions = CollectionTable.Deletions(session, collection.Key);
            if (deletions != _deletions && _index.Count > 0)
                _index.RemoveAllBut(MemoryTable.Rows(session, collection.Key, _index.LastRow));
            var known = _index.Size;
            MemoryTable.Load(session, collection.Key, _index, decoder);
            Extend(session, known);
            session.Execute("COMMIT");

            (_stamp, _deletions) = (stamp, deletions);
        }
        catch
        {
            // What was read of it is not known, so all is read again: lists of terms would lack the memories that came just now.
            _index.Clear();
            _stamp = default;
            throw;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    // Texts are read again only while there are lists to complete with their terms.
    private void Extend(SqliteSession session, int known)
    {
        if (_index.Keywords.IsEmpty)
            return;
        if (_index.Size - known > FewTexts)
        {
            _index.Keywords.Forget();
            return;
        }

        for (var slot = known; slot < _index.Size; slot++)
        {
            if (_index[slot].IsGone)
                continue;
            var words = KeywordWords.Content(MemoryTable.Text(session, _index[slot].Row)!, collection.Language);
            _index.Keywords.Extend(slot, KeywordTerms.Of(session, words, collection.Language));
        }
    }
}
