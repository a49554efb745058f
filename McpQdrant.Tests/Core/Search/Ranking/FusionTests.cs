using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Core.Search.Ranking;

public sealed class FusionTests
{
    [Fact]
    public void Rrf_orders_equal_scores_by_id()
    {
        var fused = Fusion.Rrf([[At(9, 0.9), At(2, 0.8)], [At(3, 7), At(1, 6)]]);

        Assert.Equal([At(3, 0.5), At(9, 0.5), At(1, 1 / 3d), At(2, 1 / 3d)], fused);
    }

    [Fact]
    public void Rrf_gives_nothing_for_a_list_without_weight()
    {
        var fused = Fusion.Rrf([[At(1, 0.9)], [At(2, 0.9)]], weights: [0, 1]);

        Assert.Equal([At(2, 0.5), At(1, 0)], fused);
    }

    [Fact]
    public void Dbsf_puts_a_lone_memory_in_the_middle() => Assert.Equal([At(1, 0.5)], Fusion.Dbsf([At(1, 17)], []));

    [Fact]
    public void Dbsf_puts_equal_scores_in_the_middle() =>
        Assert.Equal([At(1, 1), At(2, 0.5), At(3, 0.5)], Fusion.Dbsf([At(1, 0.1), At(2, 0.1), At(3, 0.1)], [At(1, 4)]));

    [Fact]
    public void Dbsf_of_nothing_is_nothing() => Assert.Empty(Fusion.Dbsf([], []));

    private static Ranked At(ulong id, double score) => new(new MemoryId(id), score);
}
