namespace McpQdrant.Server.Memories;

/// <summary>Multiplies a score by 0.5 ^ (age / <paramref name="HalfLife"/>), age counted from <paramref name="Now"/>.</summary>
internal sealed record Recency(TimeSpan HalfLife, DateTimeOffset Now);
