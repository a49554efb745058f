using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>One search in one collection: finds the nearest and the best by keywords, makes one list of them, and ranks it as asked.</summary>
/// <param name="hasPairs">See <see cref="McpQdrant.Core.Collections.Bm25Options.HasPairs"/>.</param>
internal sealed class SqliteSearch(SqliteSession session, SqliteCollection collection, SearchRequest search, bool hasPairs, CancellationToken cancellationToken)
{
    private readonly IndexQuestion? _question = search.Vector is { } vector ? QuestionOf(StoredVector.Normalized(vector, collection), session) : null;
    private readonly CandidateFilter? _filter = search.Filter is { } filter ? new CandidateFilter(filter, session, collection) : null;

    // A ranking that changes the order needs more than it is to return.
    private int Breadth(CollectionIndex index) =>
        (search.Vector, search.Keywords, search.Recency, search.Diversity) is ({ }, null, null, null) || (search is { Vector: null, Recency: null, Diversity: null } && index.Passages.Count == 0)
            ? search.Limit
            : CandidateLimit.For(search.Limit);

    // Where the candidates are in the index.
    private readonly Dictionary<MemoryId, int> _slots = [];

    public IReadOnlyList<RankedHit> Run(CollectionIndex index)
    {
        var candidates = new IndexCandidates(session, index, _question, _slots);
        return new CandidateRanking(search, candidates, collection.Language).Rank(FindNear(index), FindKeywords(index));
    }

    private Ranked[]? FindNear(CollectionIndex index) =>
        _question is null ? null : Rank(index.Nearest(_question, Breadth(index), (float?)search.SimilarityThreshold, _filter, isExact: search.Keywords is null, cancellationToken));

    private Ranked[]? FindKeywords(CollectionIndex index)
    {
        if (search.Keywords is not { } words)
            return null;

        var terms = KeywordTerms.Of(session, KeywordWords.Question(words, collection.Language, hasPairs), collection.Language);
        var lists = terms.ConvertAll(one => index.Keywords.Get(one.Term, term => Read(term, index)));
        return Rank(index.Keywords.Best(lists, Breadth(index), index, _filter));
    }

    private static IndexQuestion QuestionOf(float[] vector, SqliteSession session) => IndexQuestion.Of(vector, row => MemoryTable.Dot(session, row, vector));

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
}

/// <summary>A memory that a scan found, and its slot in the index. Ordered by id.</summary>
internal readonly record struct Candidate(MemoryId Id, int Slot) : IComparable<Candidate>
{
    public int CompareTo(Candidate other) => Id.CompareTo(other.Id);
}
