namespace McpQdrant.Benchmarks.Quality;

/// <summary>How good rankings are: the usual measures at rank 10, averaged over questions.</summary>
/// <param name="RightFirst">Questions whose first hit is a right one.</param>
internal sealed record RankingQuality(double Ndcg, double Recall, double Mrr, int RightFirst)
{
    private const int Depth = 10;

    public static RankingQuality Of(IEnumerable<(IReadOnlyList<string> Ranking, IReadOnlyDictionary<string, int> Judgements)> answers)
    {
        var all = answers.Where(answer => answer.Judgements.Values.Any(gain => gain > 0)).ToArray();
        return new RankingQuality(
            all.Average(answer => Ndcg10(answer.Ranking, answer.Judgements)),
            all.Average(answer => Recall10(answer.Ranking, answer.Judgements)),
            all.Average(answer => ReciprocalRank(answer.Ranking, answer.Judgements)),
            all.Count(answer => answer.Ranking is [var first, ..] && answer.Judgements.GetValueOrDefault(first) > 0));
    }

    /// <summary>Linear gain, log2 discount.</summary>
    private static double Ndcg10(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> judgements) =>
        Gain(ranking.Select(document => judgements.GetValueOrDefault(document))) / Gain(judgements.Values.OrderDescending());

    private static double Gain(IEnumerable<int> gains) => gains.Take(Depth).Select((gain, rank) => gain / Math.Log2(rank + 2)).Sum();

    private static double Recall10(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> judgements) =>
        ranking.Take(Depth).Count(document => judgements.GetValueOrDefault(document) > 0) / (double)judgements.Values.Count(gain => gain > 0);

    private static double ReciprocalRank(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> judgements)
    {
        for (var rank = 0; rank < Math.Min(Depth, ranking.Count); rank++)
        {
            if (judgements.GetValueOrDefault(ranking[rank]) > 0)
                return 1.0 / (rank + 1);
        }
        return 0;
    }
}
