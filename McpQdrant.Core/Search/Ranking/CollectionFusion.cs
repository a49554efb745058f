using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Keywords;
using McpQdrant.Core.Search.Passages;

namespace McpQdrant.Core.Search.Ranking;

/// <summary>Makes one list of the best hits of several collections.</summary>
/// <remarks>
/// Their scores can't be compared: how rare a word is, and how far ahead a memory is, counts within a collection, so a large one would dwarf the others. What can be
/// compared is computed over all hits together: similarities, where they are of one model, and BM25 with the words of the hits. Both are fused as within a collection.
/// </remarks>
internal static class CollectionFusion
{
    /// <param name="recency">Null for no preference.</param>
    /// <returns>At most as many as asked for; of equal scores in the order given.</returns>
    public static IReadOnlyList<FoundHit> Fuse(IReadOnlyList<CollectionHits> collections, string query, Recency? recency, int limit)
    {
        var pool = collections.SelectMany(collection => collection.Hits.Select(hit => (Collection: collection, Hit: hit))).ToList();
        List<IReadOnlyList<Ranked>> lists =
        [
            .. pool.Index().Where(one => one.Item.Hit.Similarity is not null).GroupBy(one => one.Item.Collection.Measure)
                .Select(near => Sorted(near.Select(one => new Ranked(Number(one.Index), one.Item.Hit.Similarity!.Value)))),
        ];
        var byKeywords = collections.All(collection => collection.Mode == SearchMode.Dense) ? [] : RankByKeywords(pool, query);
        lists.Add(byKeywords);

        // What is in neither list comes last.
        lists.Add([.. Enumerable.Range(0, pool.Count).Select(index => new Ranked(Number(index), 0))]);
        var ranks = byKeywords.Select((one, rank) => (one.Id, rank)).ToDictionary(one => one.Id, one => one.rank + 1);
        return
        [
            .. Fusion.Dbsf(lists)
                .Select(one => (one.Id, Score: recency is null ? one.Score : one.Score * RecencyDecay.Factor(recency, pool[(int)one.Id.Number].Hit.Memory.StoredAt)))
                .OrderByDescending(one => one.Score)
                .Take(limit)
                .Select(one => new FoundHit(
                    pool[(int)one.Id.Number].Collection.Name,
                    pool[(int)one.Id.Number].Hit with { Score = one.Score, KeywordRank = ranks.TryGetValue(one.Id, out var rank) ? rank : null })),
        ];
    }

    /// <summary>The same memory may be in several collections, so the pool's own numbers stand for ids.</summary>
    private static MemoryId Number(int index) => new((ulong)index);

    private static List<Ranked> RankByKeywords(List<(CollectionHits Collection, SearchHit Hit)> pool, string query)
    {
        var language = pool.Exists(one => one.Collection.Language == StopWords.English) ? StopWords.English : "";
        var keywords = new PassageKeywords(query, language);
        if (keywords.IsEmpty)
            return [];

        foreach (var (_, hit) in pool)
            keywords.Add(hit.Memory.Text, [hit.Passage is { } matched ? new Passage(matched.Start, matched.End) : new Passage(0, hit.Memory.Text.Length)]);
        return Sorted(keywords.Best().Select(best => new Ranked(Number(best.Candidate), best.Score)));
    }

    private static List<Ranked> Sorted(IEnumerable<Ranked> list)
    {
        var sorted = list.ToList();
        sorted.Sort();
        return sorted;
    }
}

/// <summary>The best hits of one collection.</summary>
/// <param name="Measure">Similarities of collections with the same measure can be compared.</param>
internal sealed record CollectionHits(
    CollectionName Name, (EmbeddingIdentity Model, Distance Distance) Measure, SearchMode Mode, string Language, IReadOnlyList<SearchHit> Hits)
{
    /// <summary>Whether the question was the id of its hit, so that no other is meant.</summary>
    public bool IsNamed { get; init; }
}
