using System.Text.Json;

namespace McpQdrant.Core.Collections;

/// <summary>What a store knows about a collection: facts, no decisions.</summary>
public sealed record CollectionInfo
{
    public required CollectionName Name { get; init; }

    /// <summary>Memories in it; approximate while a server reorganises.</summary>
    public required long Points { get; init; }

    /// <summary>Dense vectors by name; the empty name is the unnamed vector.</summary>
    public required IReadOnlyList<VectorInfo> Vectors { get; init; }

    /// <summary>Names of the sparse vectors.</summary>
    public IReadOnlyList<string> SparseVectors { get; init; } = [];

    /// <summary>The collection's own metadata (in Qdrant since 1.16): the writing model, BM25 options.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Whether memories may expire in it.</summary>
    public bool Expires { get; init; }

    /// <summary>Payloads of a few of its points, where its shape has to be learned from them; otherwise empty.</summary>
    public IReadOnlyList<JsonElement> Samples { get; init; } = [];
}

/// <summary>A dense vector of a collection.</summary>
/// <param name="Distance">How it is compared.</param>
/// <param name="IsMultivector">Several rows a point, of which the best counts: for passages.</param>
public sealed record VectorInfo(string Name, int Size, Distance Distance, bool IsMultivector = false);

/// <summary>How vectors are compared. For the first two higher is better, for the others lower.</summary>
public enum Distance
{
    Cosine,
    Dot,
    Euclid,
    Manhattan,
}
