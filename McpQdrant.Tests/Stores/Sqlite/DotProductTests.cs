using System.Runtime.Intrinsics.X86;
using McpQdrant.Stores.Sqlite.Index;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class DotProductTests
{
    [Fact]
    public void Of_numbers_of_any_length_is_their_products_summed()
    {
        var random = new Random(3);
        for (var length = 0; length < 400; length++)
        {
            var one = Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f).ToArray();
            var other = Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f).ToArray();

            var expected = one.Zip(other).Sum(pair => (double)pair.First * pair.Second);
            Assert.Equal(expected, DotProduct.Of(one, other), 1e-4);
            if (Fma.IsSupported)
                Assert.Equal(expected, DotProduct.Fused(one, other), 1e-4);
        }
    }

    [Fact]
    public void Of_bytes_of_any_length_is_their_products_summed_also_at_the_ends_of_the_range()
    {
        var random = new Random(3);
        foreach (var largest in (int[])[1, 127])
        {
            for (var length = 0; length < 400; length++)
            {
                var one = Enumerable.Range(0, length).Select(_ => (sbyte)(largest == 127 ? random.Next(2) * 254 - 127 : random.Next(-1, 2))).ToArray();
                var other = Enumerable.Range(0, length).Select(_ => (sbyte)random.Next(-127, 128)).ToArray();

                Assert.Equal(one.Zip(other).Sum(pair => pair.First * pair.Second), DotProduct.Of(one, other));
            }
        }
    }
}
