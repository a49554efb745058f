using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Core.Search.Ranking;

/// <summary>The fusions that a real Qdrant recorded, with the lists that it fused.</summary>
public sealed class RecordedFusionTests
{
    private static readonly JsonElement[] Cases =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3", "search", "fusion-cases.jsonl"))
            .Select(line => JsonElement.Parse(line)),
    ];

    public static TheoryData<string> Kinds => [.. Cases.Select(KindOf).Distinct()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fusion_scores_as_qdrant_does(string kind)
    {
        foreach (var recorded in Cases.Where(one => KindOf(one) == kind))
        {
            var lists = recorded.GetProperty("lists").EnumerateArray().Select(ListOf).ToList();
            var expected = ListOf(recorded.GetProperty("result")).ToDictionary(one => one.Id, one => one.Score);

            var fused = Fuse(recorded.GetProperty("request").GetProperty("query"), lists);

            Assert.Equal(expected.Count, fused.Count);
            Assert.All(fused, one => Assert.Equal(expected[one.Id], one.Score, 1e-6));
            Assert.Equal(fused.OrderByDescending(one => one.Score).ThenBy(one => one.Id), fused);
        }
    }

    private static IReadOnlyList<Ranked> Fuse(JsonElement query, IReadOnlyList<IReadOnlyList<Ranked>> lists)
    {
        if (query.TryGetProperty("fusion", out var fusion))
            return fusion.GetString() == "dbsf" ? Fusion.Dbsf(lists) : Fusion.Rrf(lists);

        var rrf = query.GetProperty("rrf");
        var weights = rrf.TryGetProperty("weights", out var given) ? given.EnumerateArray().Select(weight => weight.GetDouble()).ToArray() : null;
        return rrf.TryGetProperty("k", out var k) ? Fusion.Rrf(lists, k.GetInt32(), weights) : Fusion.Rrf(lists, weights: weights);
    }

    private static string KindOf(JsonElement recorded) => recorded.GetProperty("kind").GetString()!;

    private static IReadOnlyList<Ranked> ListOf(JsonElement points) =>
        [.. points.EnumerateArray().Select(point => new Ranked(new MemoryId(point.GetProperty("id").GetUInt64()), point.GetProperty("score").GetDouble()))];
}
