using System.Numerics.Tensors;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class StoredPassagesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(384)]
    [InlineData(1000)]
    public void Similarity_of_rows_is_that_of_their_vectors(int size)
    {
        var random = new Random(size);
        for (var i = 0; i < 100; i++)
        {
            var (one, other) = (Vector(size, random), Vector(size, random));
            var (row, otherRow) = (Row(one), Row(other));

            var similarity = StoredPassages.Similarity(row, otherRow);

            // Each number is off by half of a scale at most.
            Assert.Equal(TensorPrimitives.Dot<float>(one, other), similarity, 0.51 * Math.Sqrt(size) * (StoredPassages.Scale(row) + StoredPassages.Scale(otherRow)));
        }
    }

    [Fact]
    public void Rows_of_the_largest_numbers_are_not_too_much()
    {
        var vector = Enumerable.Repeat(1 / MathF.Sqrt(4096), 4096).ToArray();

        Assert.Equal(1, StoredPassages.Similarity(Row(vector), Row(vector)), 1e-4);
        Assert.Equal(-1, StoredPassages.Similarity(Row(vector), Row([.. vector.Select(number => -number)])), 1e-4);
    }

    private static float[] Vector(int size, Random random)
    {
        var vector = new float[size];
        for (var i = 0; i < size; i++)
            vector[i] = random.NextSingle() - 0.5f;
        UnitVector.Normalize(vector);
        return vector;
    }

    private static byte[] Row(float[] vector)
    {
        var row = new byte[StoredPassages.RowSize(vector.Length)];
        StoredPassages.Quantize(vector, row);
        return row;
    }
}
