using System.Buffers;
using System.Collections.Concurrent;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>
/// BM25 over a collection's words: which memories have a term is read from the file when it is first asked for, and kept. FTS5's own ranking
/// reads all of it, and each length, at every question.
/// </summary>
/// <remarks>Read by many or written by one, except that readers add lists.</remarks>
internal sealed class KeywordIndex
{
    // k1, b and the inverse document frequency are FTS5's: https://sqlite.org/fts5.html#the_bm25_function
    private const float Saturation = 1.2f;
    private const float LengthWeight = 0.75f;
    private const double MinIdf = 1e-6;

    /// <summary>20 MB. A collection with more in use begins again.</summary>
    private const long MostOccurrences = 4_000_000;

    private readonly ConcurrentDictionary<string, TermList> _terms = new(StringComparer.Ordinal);
    private readonly List<int> _lengths = [];
    private long _words;
    private int _memories;
    private long _occurrences;

    /// <summary>Whether anything is kept that later memories must be added to.</summary>
    public bool IsEmpty => _terms.IsEmpty;

    /// <summary>Makes the next place.</summary>
    /// <param name="length">Words of its memory, without stop words.</param>
    public void Add(int length)
    {
        _lengths.Add(length);
        Count(length, 1);
    }

    public void Remove(int place)
    {
        Count(_lengths[place], -1);
        _lengths[place] = 0;
    }

    public void Clear()
    {
        Forget();
        _lengths.Clear();
        (_words, _memories) = (0, 0);
    }

    /// <summary>Drops what was read from the file, to be read again when it is asked for.</summary>
    public void Forget()
    {
        _terms.Clear();
        _occurrences = 0;
    }

    /// <summary>Completes the lists with a memory that came after they were read.</summary>
    public void Extend(int place, IEnumerable<(string Term, int Count)> terms)
    {
        foreach (var (term, count) in terms)
        {
            if (_terms.TryGetValue(term, out var list))
                list.Add(place, count);
        }
    }

    /// <param name="read">Reads the list of a term that isn't kept.</param>
    public TermList Get(string term, Func<string, TermList> read)
    {
        if (_terms.TryGetValue(term, out var kept))
            return kept;

        var list = read(term);
        if (Interlocked.Add(ref _occurrences, list.Count) > MostOccurrences)
        {
            Forget();
            Interlocked.Add(ref _occurrences, list.Count);
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
            for (var place = 0; place < _lengths.Count; place++)
            {
                if (scores[place] > 0 && best.MayHold(scores[place]) && filter?.Accepts(memories[place]) != false)
                    best.Add(scores[place], new Candidate(memories[place].Id, place));
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
        var places = term.Places;
        var counts = term.Counts;
        var found = 0;
        foreach (var place in places)
            found += _lengths[place] > 0 ? 1 : 0;

        var rarity = (float)Math.Max(MinIdf, Math.Log((_memories - found + 0.5) / (found + 0.5)));
        var average = (float)_words / _memories;
        for (var i = 0; i < places.Length; i++)
        {
            // A memory that is gone has no length.
            if (_lengths[places[i]] is > 0 and var length)
                scores[places[i]] += rarity * (counts[i] * (Saturation + 1)) / (counts[i] + Saturation * (1 - LengthWeight + LengthWeight * length / average));
        }
    }

    private void Count(int length, int sign)
    {
        _words += sign * length;
        _memories += length > 0 ? sign : 0;
    }
}
