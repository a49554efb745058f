using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Search.Ranking;

/// <summary>Makes one list of several, as Qdrant does, but with equal scores in the order of their ids.</summary>
public static class Fusion
{
    /// <summary>Reciprocal rank fusion: a memory gets 1 / ((rank + 1) / weight + k - 1) from each list, ranks from 0.</summary>
    /// <param name="k">How slowly the score falls with the rank; 1 or more.</param>
    /// <param name="weights">One for each list; null for 1 each. A list whose weight is 0 or less doesn't count.</param>
    public static IReadOnlyList<Ranked> Rrf(IReadOnlyList<IReadOnlyList<Ranked>> lists, int k = 2, IReadOnlyList<double>? weights = null) =>
        Sum(lists.Select((list, i) => list.Select((ranked, rank) => ranked with { Score = RrfScore(rank, k, weights?[i] ?? 1) })));

    /// <summary>
    /// Distribution-based score fusion: each list's scores are scaled so that its mean minus three standard deviations becomes 0 and plus three
    /// becomes 1, then summed. Unlike ranks this keeps how far ahead a memory is.
    /// </summary>
    public static IReadOnlyList<Ranked> Dbsf(params IReadOnlyList<IReadOnlyList<Ranked>> lists) => Sum(lists.Select(Scale));

    private static double RrfScore(int rank, int k, double weight) => weight <= 0 ? 0 : 1 / ((rank + 1) / weight + k - 1);

    private static IEnumerable<Ranked> Scale(IReadOnlyList<Ranked> list)
    {
        // Nothing tells equal scores apart, so they are all in the middle. (The lists are sorted.)
        if (list.Count == 0 || list[0].Score == list[^1].Score)
            return list.Select(ranked => ranked with { Score = 0.5 });

        var mean = list.Average(ranked => ranked.Score);
        var variance = list.Sum(ranked => (ranked.Score - mean) * (ranked.Score - mean)) / (list.Count - 1);
        var reach = 3 * Math.Sqrt(variance);
        return list.Select(ranked => ranked with { Score = (ranked.Score - (mean - reach)) / (2 * reach) });
    }

    private static List<Ranked> Sum(IEnumerable<IEnumerable<Ranked>> lists)
    {
        var scores = new Dictionary<MemoryId, double>();
        foreach (var ranked in lists.SelectMany(list => list))
            scores[ranked.Id] = scores.GetValueOrDefault(ranked.Id) + ranked.Score;

        var sum = scores.Select(pair => new Ranked(pair.Key, pair.Value)).ToList();
        sum.Sort();
        return sum;
    }
}

/// <summary>A memory's place in a list: the list is ordered by score, highest first, and by id where scores are equal.</summary>
public readonly record struct Ranked(MemoryId Id, double Score) : IComparable<Ranked>
{
    public int CompareTo(Ranked other)
    {
        var byScore = other.Score.CompareTo(Score);
        return byScore != 0 ? byScore : Id.CompareTo(other.Id);
    }
}
