namespace McpQdrant.Core.Search;

/// <summary>How memories are searched, and when two of them count as one.</summary>
public sealed record SearchOptions
{
    /// <summary>Memories that a find returns at most.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Preferred way; a collection without keywords is searched by meaning alone.</summary>
    public SearchMode Mode { get; init; } = SearchMode.Hybrid;

    /// <inheritdoc cref="SearchRequest.SimilarityThreshold"/>
    public double? SimilarityThreshold { get; init; }

    /// <summary>After this time a memory counts half; null for never.</summary>
    public TimeSpan? RecencyHalfLife { get; init; }

    /// <inheritdoc cref="SearchRequest.Diversity"/>
    public double? Diversity { get; init; }

    /// <summary>Similarity from which a new memory counts as a duplicate of one that is there; null for never.</summary>
    public double? DuplicateThreshold { get; init; }
}

/// <summary>How memories are searched: by meaning, by words, or by both.</summary>
public enum SearchMode
{
    Hybrid,
    Dense,
    Keyword,
}
