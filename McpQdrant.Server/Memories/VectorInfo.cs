namespace McpQdrant.Server.Memories;

/// <summary>A dense vector of a collection.</summary>
/// <param name="Distance">How it is compared.</param>
/// <param name="IsMultivector">Several rows a point; not usable for a memory.</param>
internal sealed record VectorInfo(string Name, int Size, Distance Distance, bool IsMultivector = false);
