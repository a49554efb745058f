namespace McpQdrant.Server.Memories.Ranking;

/// <summary>How many memories are brought near before they are ranked anew: fused, weighed by age, or spread out.</summary>
internal static class Prefetch
{
    /// <summary>Enough for a ranking to differ from its lists, few enough to cost nothing.</summary>
    private const int Least = 50;

    public static int For(int limit) => Math.Max(Least, limit);
}
