using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Core.Search.Ranking;

public sealed class MaximalMarginalRelevanceTests
{
    private static readonly double[] Scores = [0.9, 0.8, 0.7, 0.1];

    // The first two are alike, the others like nothing else.
    private static readonly Func<int, int, double> Alike = (one, other) => one + other == 1 ? 0.99 : 0;

    [Fact]
    public void Pick_goes_by_score_alone_without_diversity() =>
        Assert.Equal([0, 1, 2, 3], MaximalMarginalRelevance.Pick(Scores, Alike, diversity: 0, limit: 4));

    [Fact]
    public void Pick_passes_over_what_repeats_a_pick() =>
        Assert.Equal([0, 2, 3, 1], MaximalMarginalRelevance.Pick(Scores, Alike, diversity: 0.5, limit: 4));

    [Fact]
    public void Pick_starts_with_the_best_even_where_only_diversity_counts() =>
        Assert.Equal([0, 2], MaximalMarginalRelevance.Pick(Scores, Alike, diversity: 1, limit: 2));

    [Fact]
    public void Pick_of_more_than_there_are_returns_all() =>
        Assert.Equal(4, MaximalMarginalRelevance.Pick(Scores, Alike, diversity: 0.3, limit: 100).Count);

    [Fact]
    public void Pick_of_nothing_is_nothing() => Assert.Empty(MaximalMarginalRelevance.Pick([], Alike, diversity: 0.3, limit: 3));
}
