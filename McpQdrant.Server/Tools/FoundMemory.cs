using System.Text.Json;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Tools;

/// <summary>A hit in the structured result of <c>qdrant-find</c>.</summary>
internal sealed record FoundMemory(
    string Id, string Content, JsonElement? Metadata, double Score, double? Similarity, int? KeywordRank, DateTimeOffset? StoredAt)
{
    public static FoundMemory Of(ScoredMemory hit) =>
        new(hit.Memory.Id.ToString(), hit.Memory.Text, ShownMetadata.Of(hit.Memory.Metadata), hit.Score, hit.Similarity, hit.KeywordRank, hit.Memory.StoredAt);
}
