using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Core.Search.Ranking;

public sealed class CollectionFusionTests
{
    private static readonly EmbeddingIdentity Model = new("local", "model", 4);

    [Fact]
    public void Fuse_goes_by_what_can_be_compared_and_not_by_the_scores_within_a_collection()
    {
        var large = Of("large", Hit(1, "a cat", score: 30, similarity: 0.4), Hit(2, "a cat", score: 20, similarity: 0.3));
        var small = Of("small", Hit(3, "the kettle whistles", score: 0.2, similarity: 0.9), Hit(4, "a dog", score: 0.1, similarity: 0.1));

        var fused = CollectionFusion.Fuse([large, small], "kettle", recency: null, limit: 3);

        Assert.Equal([("small", 3UL), ("large", 1), ("large", 2)], fused.Select(hit => (hit.Collection.ToString(), hit.Memory.Id.Number)));
        Assert.Equal(1, fused[0].Hit.KeywordRank);
        Assert.Null(fused[1].Hit.KeywordRank);
        Assert.True(fused[0].Hit.Score > fused[1].Hit.Score && fused[1].Hit.Score > fused[2].Hit.Score);
    }

    [Fact]
    public void Fuse_does_not_compare_similarities_of_different_models()
    {
        var low = Of("low", Hit(1, "a", 1, 0.2), Hit(2, "b", 1, 0.1)) with { Measure = (Model with { Model = "one" }, Distance.Cosine) };
        var high = Of("high", Hit(3, "c", 1, 0.9), Hit(4, "d", 1, 0.8)) with { Measure = (Model with { Model = "other" }, Distance.Cosine) };

        var fused = CollectionFusion.Fuse([low, high], "nothing of it", recency: null, limit: 4);

        Assert.Equal([1UL, 3], fused.Take(2).Select(hit => hit.Memory.Id.Number).Order().ToArray());
        Assert.Equal([2UL, 4], fused.Skip(2).Select(hit => hit.Memory.Id.Number).Order().ToArray());
    }

    [Fact]
    public void Fuse_keeps_a_memory_that_is_in_two_collections_twice()
    {
        var fused = CollectionFusion.Fuse([Of("one", Hit(1, "cat", 1, 0.5)), Of("two", Hit(1, "cat", 1, 0.5))], "cat", recency: null, limit: 10);

        Assert.Equal(["one", "two"], fused.Select(hit => hit.Collection.ToString()));
    }

    [Fact]
    public void Fuse_keeps_what_no_list_has_at_the_end()
    {
        var fused = CollectionFusion.Fuse([Of("one", Hit(1, "cat", 1, null)), Of("two", Hit(2, "dog", 1, null))], "dog", recency: null, limit: 10);

        Assert.Equal([2UL, 1], fused.Select(hit => hit.Memory.Id.Number));
        Assert.Empty(CollectionFusion.Fuse([], "dog", recency: null, limit: 10));
    }

    private static CollectionHits Of(string name, params SearchHit[] hits) => new(CollectionName.Parse(name), (Model, Distance.Cosine), SearchMode.Hybrid, "english", hits);

    private static SearchHit Hit(ulong id, string text, double score, double? similarity) =>
        new(new Memory(new MemoryId(id), text, null, null), score, similarity, KeywordRank: null);
}
