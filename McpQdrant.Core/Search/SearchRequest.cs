using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Core.Search;

/// <summary>A question to a store. Hybrid where both <see cref="Vector"/> and <see cref="Keywords"/> are given.</summary>
public sealed record SearchRequest
{
    /// <summary>What the question means; null for a search by words alone.</summary>
    public SemanticVector? Vector { get; init; }

    /// <summary>The question's words for BM25, as they were asked; null for a search by meaning alone.</summary>
    public string? Keywords { get; init; }

    /// <summary>What a memory must satisfy; null for all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>How many memories at most; 1 or more.</summary>
    public required int Limit { get; init; }

    /// <summary>Similarity that a memory must exceed; null for any. Memories found only by their words are not held to it.</summary>
    public double? SimilarityThreshold { get; init; }

    /// <summary>Prefers recent memories; null for no preference.</summary>
    public Recency? Recency { get; init; }

    /// <summary>From 0 (by score alone) to 1 (as unlike each other as can be); null for by score alone. Maximal marginal relevance.</summary>
    public double? Diversity { get; init; }
}

/// <summary>What stands for a text's meaning: its embedding, or the text itself where the Qdrant server embeds.</summary>
public abstract record SemanticVector
{
    private SemanticVector()
    {
    }

    /// <summary>An embedding; of any length above zero, every number finite.</summary>
    public sealed record Embedded(ReadOnlyMemory<float> Values) : SemanticVector;

    /// <summary>A text that the Qdrant server embeds with <paramref name="Model"/>.</summary>
    public sealed record Inferred(string Text, string Model) : SemanticVector;
}
