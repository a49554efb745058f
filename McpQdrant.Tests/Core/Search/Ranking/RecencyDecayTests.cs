using System.Numerics.Tensors;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Tests.Contract;

namespace McpQdrant.Tests.Core.Search.Ranking;

public sealed class RecencyDecayTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-30, 0.5)]
    [InlineData(30, 0.5)]
    [InlineData(-90, 0.125)]
    public void Factor_halves_each_half_life_in_both_directions(int days, double factor) =>
        Assert.Equal(factor, RecencyDecay.Factor(new Recency(TimeSpan.FromDays(30), Now), Now.AddDays(days)), 1e-12);

    [Fact]
    public void Factor_of_an_unknown_time_is_that_of_now() =>
        Assert.Equal(1, RecencyDecay.Factor(new Recency(TimeSpan.FromDays(30), Now), null));

    // The recorded formula adds 0.3 of the factor to the score, and takes 1970 where a time is missing.
    [Fact]
    public void Factor_is_what_qdrant_computes()
    {
        var recency = new Recency(TimeSpan.FromDays(30), Now);
        var points = RecordedSearch.Points.ToDictionary(point => point.Memory.Id);

        foreach (var recorded in RecordedSearch.Cases("recency"))
        {
            var question = RecordedSearch.Floats(recorded.GetProperty("request").GetProperty("prefetch").GetProperty("query"));
            var expected = recorded.GetProperty("result").EnumerateArray().ToList();

            Assert.All(expected, result =>
            {
                var point = points[new MemoryId(result.GetProperty("id").GetUInt64())];
                var score = Cosine(question, point) + 0.3 * RecencyDecay.Factor(recency, point.Memory.StoredAt ?? DateTimeOffset.UnixEpoch);
                Assert.Equal(result.GetProperty("score").GetDouble(), score, 1e-5);
            });
        }
    }

    private static float Cosine(float[] question, StoredMemory point) =>
        TensorPrimitives.CosineSimilarity(question, ((SemanticVector.Embedded)point.Vector!).Values.Span);
}
