using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>One question to one collection: finds the nearest and the best by words, makes one list of them, and ranks it as asked.</summary>
internal sealed class SqliteSearch(SqliteSession session, SqliteCollection collection, SearchRequest search, CancellationToken cancellationToken)
{
    private readonly float[]? _question = search.Vector is { } vector ? StoredVector.Normalized(vector, collection) : null;
    private readonly CandidateFilter? _filter = search.Filter is { } filter ? new CandidateFilter(filter, session, collection) : null;

    // A ranking that changes the order needs more than it is to return.
    private readonly int _breadth =
        (search.Vector, search.Keywords, search.Recency, search.Diversity) is ({ }, null, null, null) or (null, { }, null, null)
            ? search.Limit
            : CandidateLimit.For(search.Limit);

    public IReadOnlyList<Hit> Run(CollectionIndex index)
    {
        var near = Near(index);
        var worded = Worded(index);
        IReadOnlyList<Ranked> ranked = (near, worded) switch
        {
            ({ }, { }) => [.. Fusion.Dbsf(near, worded).Take(_breadth)],
            _ => near ?? worded ?? [],
        };
        if (search.Recency is { } recency)
            ranked = Weigh(ranked, recency, index);
        if (search.Diversity is { } diversity)
            ranked = Spread(ranked, diversity, index);

        return [.. ranked.Take(search.Limit).Select(one => Explain(one, worded, index))];
    }

    private Ranked[]? Near(CollectionIndex index)
    {
        if (_question is null)
            return null;

        return Rank(index.Nearest(_question, _breadth, (float?)search.SimilarityThreshold, _filter, cancellationToken));
    }

    private Ranked[]? Worded(CollectionIndex index)
    {
        if (search.Keywords is not { } words)
            return null;

        var terms = KeywordTerms.Of(session, KeywordText.Question(words, collection.Language), collection.Language);
        var lists = terms.ConvertAll(one => index.Keywords.Get(one.Term, term => Read(term, index)));
        return Rank(index.Keywords.Best(lists, _breadth, index, _filter));
    }

    private TermList Read(string term, CollectionIndex index)
    {
        var list = new TermList();
        foreach (var (row, count) in KeywordTable.Occurrences(session, collection.Key, term))
        {
            // What was written since the index was brought up to date has no place yet.
            if (index.Find(row) is { } place)
                list.Add(place, count);
        }

        return list;
    }

    private static Ranked[] Rank((float Score, Candidate Candidate)[] best) =>
        Array.ConvertAll(best, one => new Ranked(one.Candidate.Id, one.Score));

    private static Ranked[] Weigh(IReadOnlyList<Ranked> list, Recency recency, CollectionIndex index)
    {
        var weighed = list.Select(one => one with { Score = one.Score * RecencyDecay.Factor(recency, StoredAt(one.Id, index)) }).ToArray();
        Array.Sort(weighed);
        return weighed;
    }

    // As in Qdrant: words and age have chosen the candidates, and which of them to pick goes by meaning, if that was asked for.
    private IReadOnlyList<Ranked> Spread(IReadOnlyList<Ranked> list, double diversity, CollectionIndex index)
    {
        var candidates = (_question is null ? list : Compare(list, index)).ToList();
        if (candidates.Count == 0)
            return [];

        // Cosines need no scale; the scores of words do, to be weighed against cosines.
        var scale = _question is null ? candidates[0].Score : 1;
        var places = candidates.ConvertAll(one => index.Find(one.Id)!.Value);
        var picked = MaximalMarginalRelevance.Pick(
            candidates.ConvertAll(one => one.Score / scale), (one, other) => index.Similarity(places[one], places[other]), diversity, search.Limit);
        return [.. picked.Select(i => candidates[i])];
    }

    private IEnumerable<Ranked> Compare(IReadOnlyList<Ranked> list, CollectionIndex index) =>
        from one in list
        let similarity = Similarity(one.Id, index)
        where similarity is not null
        let compared = new Ranked(one.Id, similarity.Value)
        orderby compared
        select compared;

    private Hit Explain(Ranked ranked, Ranked[]? worded, CollectionIndex index)
    {
        var rank = worded?.TakeWhile(one => one.Id != ranked.Id).Count() + 1;
        return new Hit(ranked.Id, ranked.Score, Similarity(ranked.Id, index), rank <= worded?.Length ? rank : null);
    }

    private float? Similarity(MemoryId id, CollectionIndex index) =>
        _question is null ? null : index.Similarity(_question, index.Find(id)!.Value);

    private static DateTimeOffset? StoredAt(MemoryId id, CollectionIndex index) =>
        index[index.Find(id)!.Value].StoredAt is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>A <see cref="SearchHit"/> without its memory.</summary>
    internal readonly record struct Hit(MemoryId Id, double Score, double? Similarity, int? KeywordRank);
}

/// <summary>A memory that a scan found, and its place in the index. Ordered by id.</summary>
internal readonly record struct Candidate(MemoryId Id, int Place) : IComparable<Candidate>
{
    public int CompareTo(Candidate other) => Id.CompareTo(other.Id);
}
