using System.Buffers;
using System.Collections.Concurrent;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>
/// BM25 over a collection's words, as Qdrant computes it: which memories have a term is read from the file when it is first asked for, and kept.
/// FTS5's own ranking reads all of it, and each length, for every search, and gives no weight to words that half of the memories have.
/// </summary>
/// <remarks>Read by many or written by one, except that readers add lists.</remarks>
/// <param name="averageLength">
/// What counts as a text of usual length, in words. It is the collection's, as in Qdrant, and not what its texts have now: scores of memories
/// then don't change with what is stored beside them, and both stores rank alike.
/// </param>
internal sealed class KeywordIndex(double averageLength)
{
    // k1 and b, which are Qdrant's defaults.
    private const float Saturation = 1.2f;
    private const float LengthWeight = 0.75f;

    /// <summary>In bytes. A collection with more in use begins again.</summary>
    public const long MaxSize = 20_000_000;

    private readonly ConcurrentDictionary<string, TermList> _terms = new(StringComparer.Ordinal);
    private readonly List<int> _lengths = [];
    private int _memories;
    private long _size;

    /// <summary>Whether anything is kept that later memories must be added to.</summary>
    public bool IsEmpty => _terms.IsEmpty;

    /// <summary>About how many bytes the lists take that are kept.</summary>
    public long Size => Interlocked.Read(ref _size);

    /// <summary>Makes the next slot.</summary>
    /// <param name="length">Words of its memory, without stop words.</param>
    public void Add(int length)
    {
        _lengths.Add(length);
        Count(length, 1);
    }

    public void Remove(int slot)
    {
        Count(_lengths[slot], -1);
        _lengths[slot] = 0;
    }

    public void Clear()
    {
        Forget();
        _lengths.Clear();
        _memories = 0;
    }

    /// <summary>Drops what was read from the file, to be read again when it is asked for.</summary>
    public void Forget()
    {
        _terms.Clear();
        _size = 0;
    }

    /// <summary>Completes the lists with a memory that came after they were read.</summary>
    public void Extend(int slot, IEnumerable<(string Term, int Count)> terms)
    {
        foreach (var (term, count) in terms)
        {
            if (!_terms.TryGetValue(term, out var list))
                continue;
            list.Add(slot, count);
            _size += TermList.OccurrenceSize;
        }
    }

    /// <param name="read">Reads the list of a term that isn't kept.</param>
    public TermList Get(string term, Func<string, TermList> read)
    {
        if (_terms.TryGetValue(term, out var kept))
            return kept;

        // A word that no memory has isn't kept: there is no end of such words.
        var list = read(term);
        if (list.Count == 0)
            return list;

        var size = TermList.SizeOf(term, list.Count);
        if (Interlocked.Add(ref _size, size) > MaxSize)
        {
            Forget();
            Interlocked.Add(ref _size, size);
        }
        return _terms[term] = list;
    }

    /// <summary>The best matches of any of the terms, best first, equally good ones by id.</summary>
    public (float Score, Candidate Candidate)[] Best(IReadOnlyList<TermList> terms, int limit, CollectionIndex memories, CandidateFilter? filter)
    {
        var scores = ArrayPool<float>.Shared.Rent(_lengths.Count);
        try
        {
            scores.AsSpan(0, _lengths.Count).Clear();
            foreach (var term in terms)
                AddScores(term, scores);

            var best = new TopK<Candidate>(Math.Min(limit, memories.Count));
            for (var slot = 0; slot < _lengths.Count; slot++)
            {
                if (scores[slot] > 0 && best.MayHold(scores[slot]) && filter?.Accepts(memories[slot]) != false)
                    best.Add(scores[slot], new Candidate(memories[slot].Id, slot));
            }

            return best.Drain();
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private void AddScores(TermList term, float[] scores)
    {
        var slots = term.Slots;
        var counts = term.Counts;
        var found = 0;
        foreach (var slot in slots)
            found += _lengths[slot] > 0 ? 1 : 0;

        var idf = (float)Math.Log(1 + (_memories - found + 0.5) / (found + 0.5));
        var average = (float)averageLength;
        for (var i = 0; i < slots.Length; i++)
        {
            // A memory that is gone has no length.
            if (_lengths[slots[i]] is > 0 and var length)
                scores[slots[i]] += idf * (counts[i] * (Saturation + 1)) / (counts[i] + Saturation * (1 - LengthWeight + LengthWeight * length / average));
        }
    }

    private void Count(int length, int sign) => _memories += length > 0 ? sign : 0;
}
