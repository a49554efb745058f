using CsCheck;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Core.Search.Ranking;

public sealed class TopKTests
{
    [Fact]
    public void Drain_returns_what_sorting_would() =>
        Gen.Select(Gen.Int[0, 9].Array[0, 60], Gen.Int[1, 20]).Sample((scores, limit) =>
        {
            var top = new TopK<int>(limit);
            for (var i = scores.Length - 1; i >= 0; i--)
            {
                if (top.MayHold(scores[i]))
                    top.Add(scores[i], i);
            }

            var expected = scores.Select((score, i) => ((float)score, i)).OrderByDescending(one => one.Item1).ThenBy(one => one.i).Take(limit);
            Assert.Equal(expected, top.Drain());
        });

    [Fact]
    public void Drain_of_nothing_is_empty() => Assert.Empty(new TopK<int>(3).Drain());
}
