using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Search;

/// <summary>A memory that a search found, and why it stands where it stands.</summary>
/// <param name="Score">What the order goes by: higher is better, comparable within one search only.</param>
/// <param name="Similarity">Cosine (or the collection's own measure) between question and memory; null where the search did not compare them.</param>
/// <param name="KeywordRank">1 for the best match by words, and so on; null where it did not match by words.</param>
public sealed record SearchHit(Memory Memory, double Score, double? Similarity, int? KeywordRank);
