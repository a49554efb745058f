using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Passages;

namespace McpQdrant.Core.Search;

/// <summary>A memory that a search found, and why it stands where it stands.</summary>
/// <param name="Score">What the order goes by: higher is better, comparable within one search only.</param>
/// <param name="Similarity">Cosine (or the collection's own measure) between question and memory; null where the search did not compare them.</param>
/// <param name="KeywordRank">1 for the best match by words, and so on; null where it did not match by words.</param>
public sealed record SearchHit(Memory Memory, double Score, double? Similarity, int? KeywordRank)
{
    /// <summary>Which part of a long text matched; null for a text that is searched whole, and where that isn't known.</summary>
    public MatchedPassage? Passage { get; init; }
}

/// <summary>The part of a text that matched a question.</summary>
/// <param name="Start">In UTF-16 units, as <paramref name="End"/>, which is the unit after its last one.</param>
public sealed record MatchedPassage(string Text, int Start, int End)
{
    public static MatchedPassage Of(string text, Passage passage) => new(passage.In(text).ToString(), passage.Start, passage.End);
}
