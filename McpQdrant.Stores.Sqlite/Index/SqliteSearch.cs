using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>One search in one collection: finds the nearest and the best by keywords, makes one list of them, and ranks it as asked.</summary>
internal sealed class SqliteSearch(SqliteSession session, SqliteCollection collection, SearchRequest search, CancellationToken cancellationToken)
{
    private readonly float[]? _query = search.Vector is { } vector ? StoredVector.Normalized(vector, collection) : null;
    private readonly CandidateFilter? _filter = search.Filter is { } filter ? new CandidateFilter(filter, session, collection) : null;

    // A ranking that changes the order needs more than it is to return.
    private readonly int _breadth =
        (search.Vector, search.Keywords, search.Recency, search.Diversity) is ({ }, null, null, null) or (null, { }, null, null)
            ? search.Limit
            : CandidateLimit.For(search.Limit);

    // Where the candidates are in the index.
    private readonly Dictionary<MemoryId, int> _slots = [];

    public IReadOnlyList<Hit> Run(CollectionIndex index)
    {
        var near = FindNear(index);
        var keywordHits = FindKeywords(index);
        IReadOnlyList<Ranked> ranked = (near, keywordHits) switch
        {
            ({ }, { }) => [.. Fusion.Dbsf(near, keywordHits).Take(_breadth)],
            _ => near ?? keywordHits ?? [],
        };
        if (search.Recency is { } recency)
            ranked = ApplyRecency(ranked, recency, index);
        if (search.Diversity is { } diversity)
            ranked = Diversify(ranked, diversity, index);

        var keywordRanks = (keywordHits ?? []).Select((hit, rank) => (hit.Id, Rank: rank + 1)).ToDictionary(hit => hit.Id, hit => hit.Rank);
        return
        [
            .. ranked.Take(search.Limit).Select(one => new Hit(
                one.Id, one.Score, Similarity(one.Id, index), keywordRanks.TryGetValue(one.Id, out var rank) ? rank : null)),
        ];
    }

    private Ranked[]? FindNear(CollectionIndex index) =>
        _query is null ? null : Rank(index.Nearest(_query, _breadth, (float?)search.SimilarityThreshold, _filter, cancellationToken));

    private Ranked[]? FindKeywords(CollectionIndex index)
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
            // What was written since the index was brought up to date has no slot yet.
            if (index.Find(row) is { } slot)
                list.Add(slot, count);
        }

        return list;
    }

    private Ranked[] Rank((float Score, Candidate Candidate)[] best)
    {
        foreach (var (_, candidate) in best)
            _slots[candidate.Id] = candidate.Slot;
        return Array.ConvertAll(best, one => new Ranked(one.Candidate.Id, one.Score));
    }

    private Ranked[] ApplyRecency(IReadOnlyList<Ranked> list, Recency recency, CollectionIndex index)
    {
        var weighted = list.Select(one => one with { Score = one.Score * RecencyDecay.Factor(recency, StoredAt(one.Id, index)) }).ToArray();
        Array.Sort(weighted);
        return weighted;
    }

    // As in Qdrant: keywords and age have chosen the candidates, and which of them to pick goes by meaning, if that was asked for.
    private IReadOnlyList<Ranked> Diversify(IReadOnlyList<Ranked> list, double diversity, CollectionIndex index)
    {
        var candidates = (_query is null ? list : Compare(list, index)).ToList();
        if (candidates.Count == 0)
            return [];

        // Cosines need no scale; BM25 scores do, to be weighed against cosines.
        var scale = _query is null ? candidates[0].Score : 1;
        var slots = candidates.ConvertAll(one => _slots[one.Id]);
        var picked = MaximalMarginalRelevance.Pick(
            candidates.ConvertAll(one => one.Score / scale), (one, other) => index.Similarity(slots[one], slots[other]), diversity, search.Limit);
        return [.. picked.Select(i => candidates[i])];
    }

    private IEnumerable<Ranked> Compare(IReadOnlyList<Ranked> list, CollectionIndex index) =>
        from one in list
        let similarity = Similarity(one.Id, index)
        where similarity is not null
        let compared = new Ranked(one.Id, similarity.Value)
        orderby compared
        select compared;

    private float? Similarity(MemoryId id, CollectionIndex index) => _query is null ? null : index.Similarity(_query, _slots[id]);

    private DateTimeOffset? StoredAt(MemoryId id, CollectionIndex index) =>
        index[_slots[id]].StoredAt is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>A <see cref="SearchHit"/> without its memory.</summary>
    internal readonly record struct Hit(MemoryId Id, double Score, double? Similarity, int? KeywordRank);
}

/// <summary>A memory that a scan found, and its slot in the index. Ordered by id.</summary>
internal readonly record struct Candidate(MemoryId Id, int Slot) : IComparable<Candidate>
{
    public int CompareTo(Candidate other) => Id.CompareTo(other.Id);
}
