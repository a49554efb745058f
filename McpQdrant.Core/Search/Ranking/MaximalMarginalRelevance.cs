namespace McpQdrant.Core.Search.Ranking;

/// <summary>Picks memories that answer the question and don't repeat each other (Carbonell and Goldstein, 1998; as in Qdrant).</summary>
public static class MaximalMarginalRelevance
{
    /// <summary>
    /// Each next pick has the highest (1 - diversity) · score - diversity · (similarity to the nearest one picked); the first has only its score.
    /// </summary>
    /// <param name="scores">The candidates' scores, highest first.</param>
    /// <param name="similarity">How alike two candidates are, by their places in <paramref name="scores"/>.</param>
    /// <param name="diversity">From 0 (by score alone) to 1 (by unlikeness alone).</param>
    /// <returns>Places in <paramref name="scores"/>, in the order of picking.</returns>
    public static IReadOnlyList<int> Pick(IReadOnlyList<double> scores, Func<int, int, double> similarity, double diversity, int limit)
    {
        var picked = new List<int>();
        var left = Enumerable.Range(0, scores.Count).ToList();
        var nearest = Enumerable.Repeat(double.NegativeInfinity, scores.Count).ToArray();

        while (picked.Count < limit && left.Count > 0)
        {
            var next = picked.Count == 0 ? left[0] : left.MaxBy(i => (1 - diversity) * scores[i] - diversity * nearest[i]);
            picked.Add(next);
            left.Remove(next);
            foreach (var i in left)
                nearest[i] = Math.Max(nearest[i], similarity(i, next));
        }

        return picked;
    }
}
