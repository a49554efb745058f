namespace McpQdrant.Server.Memories.Ranking;

/// <summary>Qdrant's <c>exp_decay</c> with midpoint 0.5 and the half-life as its scale.</summary>
internal static class RecencyDecay
{
    /// <summary>
    /// What a memory without a time is multiplied by, as if it were one half-life old: taken for new it would stand above all that is dated,
    /// taken for ancient it would never be found.
    /// </summary>
    public const double Undated = 0.5;

    /// <returns>From 0 to 1. A time in the future counts by its distance, as in Qdrant.</returns>
    public static double Factor(Recency recency, DateTimeOffset? storedAt) =>
        storedAt is { } time ? Math.Pow(0.5, (recency.Now - time).Duration() / recency.HalfLife) : Undated;
}
