namespace McpQdrant.Core.Search.Ranking;

/// <summary>Multiplies a score by 0.5 ^ (age / <paramref name="HalfLife"/>), age counted from <paramref name="Now"/>.</summary>
public sealed record Recency(TimeSpan HalfLife, DateTimeOffset Now);

/// <summary>Qdrant's <c>exp_decay</c> with midpoint 0.5 and the half-life as its scale.</summary>
public static class RecencyDecay
{
    /// <summary>A memory without a time counts as new: that another program didn't say when it stored it is nothing against it.</summary>
    private const double Undated = 1;

    /// <returns>From 0 to 1. A time in the future counts by its distance, as in Qdrant.</returns>
    public static double Factor(Recency recency, DateTimeOffset? storedAt) =>
        storedAt is { } time ? Math.Pow(0.5, (recency.Now - time).Duration() / recency.HalfLife) : Undated;
}
