using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Core.Search.Ranking;

public sealed class UnitVectorTests
{
    [Fact]
    public void Normalize_scales_to_length_one()
    {
        float[] vector = [3, 4, 0, 0];

        UnitVector.Normalize(vector);

        Assert.Equal([0.6f, 0.8f, 0, 0], vector);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1e-5f, 0f)]
    [InlineData(0.6f, 0.8f)]
    [InlineData(0.6000001f, 0.8f)]
    public void Normalize_leaves_alone_what_is_nothing_or_done(float x, float y)
    {
        float[] vector = [x, y];

        UnitVector.Normalize(vector);

        Assert.Equal([x, y], vector);
    }

    [Fact]
    public void Normalize_handles_numbers_whose_squares_are_too_large()
    {
        float[] vector = [3e30f, -4e30f];

        UnitVector.Normalize(vector);

        Assert.Equal(0.6, vector[0], 1e-6);
        Assert.Equal(-0.8, vector[1], 1e-6);
    }
}
