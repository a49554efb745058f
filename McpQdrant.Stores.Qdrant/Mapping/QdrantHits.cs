using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>Reads the answer to a <see cref="QdrantSearch"/>: joins the question's hits with similarities and ranks, and orders them.</summary>
internal static class QdrantHits
{
    /// <summary>All hits in order, of equal scores by id.</summary>
    /// <remarks>A hit with the score null has a vector that somebody stored with an infinite number; it has no place in an order and is left out.</remarks>
    public static IReadOnlyList<SearchHit> Read(JsonElement result, QdrantSearch search, CollectionLayout collection)
    {
        var answers = result.ValueKind == JsonValueKind.Array ? result.EnumerateArray().ToList() : [result];
        var similarities = search.AsksForSimilarities ? Scores(answers[1]) : null;
        var ranks = search.AsksForRanks ? Ranks(answers[^1]) : null;

        var hits = Points(answers[0]).Select(point =>
        {
            var memory = QdrantPoint.Read(point.Json, collection);
            var similarity = search.SimilarityFrom(point.Score)
                ?? (similarities is not null && similarities.TryGetValue(memory.Id, out var asked) ? search.SimilarityOf(asked) : null);
            return new SearchHit(memory, search.ScoreOf(point.Score), similarity, ranks is not null && ranks.TryGetValue(memory.Id, out var rank) ? rank : null);
        });
        return search.IsDiverse ? [.. hits] : Rank([.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Memory.Id)], search);
    }

    /// <summary>Weighs hits that were found without regard to their age, as Qdrant would; diverse ones keep their order.</summary>
    public static IReadOnlyList<SearchHit> ByAge(IReadOnlyList<SearchHit> hits, SearchRequest search, CollectionLayout collection)
    {
        if (search.Diversity is not null)
            return [.. hits.Take(search.Limit)];

        // Of distances, which come as negatives, 1 / (1 + distance) is weighed, as in the formula for Qdrant.
        var areDistances = search.Vector is not null && (search.Keywords is null || collection.Keywords is null) && collection.Distance is Distance.Euclid or Distance.Manhattan;
        return [.. hits
            .Select(hit => hit with { Score = (areDistances ? 1 / (1 - hit.Score) : hit.Score) * RecencyDecay.Factor(search.Recency!, hit.Memory.StoredAt) })
            .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Memory.Id)
            .Take(search.Limit)];
    }

    /// <summary>A search by words alone has its ranks in its order.</summary>
    private static IReadOnlyList<SearchHit> Rank(IReadOnlyList<SearchHit> ordered, QdrantSearch search) =>
        search.IsByWordsAlone ? [.. ordered.Select((hit, at) => hit with { KeywordRank = at + 1 })] : ordered;

    private static Dictionary<MemoryId, double> Scores(JsonElement answer) =>
        Points(answer).ToDictionary(point => QdrantPoint.ReadId(point.Json.GetProperty("id")), point => point.Score);

    private static Dictionary<MemoryId, int> Ranks(JsonElement answer) => Scores(answer)
        .OrderByDescending(point => point.Value).ThenBy(point => point.Key)
        .Select((point, at) => (point.Key, Rank: at + 1))
        .ToDictionary(point => point.Key, point => point.Rank);

    public static IEnumerable<(JsonElement Json, double Score)> Points(JsonElement answer)
    {
        foreach (var point in answer.GetProperty("points").EnumerateArray())
        {
            if (point.GetProperty("score") is { ValueKind: JsonValueKind.Number } score)
                yield return (point, score.GetDouble());
        }
    }
}
