namespace McpQdrant.Tests.Qdrant;

/// <summary>A point that a query of the stand-in found.</summary>
internal sealed record StandInHit(StandInPoint Point, double Score);
