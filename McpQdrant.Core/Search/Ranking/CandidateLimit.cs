namespace McpQdrant.Core.Search.Ranking;

/// <summary>How many memories are brought near before they are ranked anew: fused, weighed by age, or spread out.</summary>
public static class CandidateLimit
{
    /// <summary>Cranfield, DBSF of meaning and words, nDCG@10: 0.531 with 10, 0.545 with 20, 0.549 with 50, no more than 0.555 with up to 400.</summary>
    private const int MinCandidates = 50;

    public static int For(int limit) => Math.Max(MinCandidates, limit);
}
