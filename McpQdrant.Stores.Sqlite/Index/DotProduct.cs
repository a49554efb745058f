using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>The sum of the products of two vectors' numbers, which is most of what a search does.</summary>
/// <remarks>
/// Native code is compiled for processors of 2009, and libraries that ask for a width of vectors get 128 bits there, on whatever it then runs. An
/// instruction set that is asked for by its name is looked for when the program runs: twice the width.
/// </remarks>
internal static class DotProduct
{
    public static float Of(ReadOnlySpan<float> one, ReadOnlySpan<float> other) =>
        Vector256.IsHardwareAccelerated || !Fma.IsSupported ? TensorPrimitives.Dot(one, other) : Fused(one, other);

    /// <summary>For processors with <see cref="Fma"/>.</summary>
    public static float Fused(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, one.Length);
        ref var left = ref MemoryMarshal.GetReference(one);
        ref var right = ref MemoryMarshal.GetReference(other);

        // Four sums, since each addition takes as long as four of them begin.
        Vector256<float> first = default, second = default, third = default, fourth = default;
        nuint at = 0;
        var end = (nuint)(one.Length - one.Length % (4 * Vector256<float>.Count));
        for (; at < end; at += 4 * (nuint)Vector256<float>.Count)
        {
            first = Fma.MultiplyAdd(Vector256.LoadUnsafe(ref left, at), Vector256.LoadUnsafe(ref right, at), first);
            second = Fma.MultiplyAdd(Vector256.LoadUnsafe(ref left, at + 8), Vector256.LoadUnsafe(ref right, at + 8), second);
            third = Fma.MultiplyAdd(Vector256.LoadUnsafe(ref left, at + 16), Vector256.LoadUnsafe(ref right, at + 16), third);
            fourth = Fma.MultiplyAdd(Vector256.LoadUnsafe(ref left, at + 24), Vector256.LoadUnsafe(ref right, at + 24), fourth);
        }

        var sum = Vector256.Sum(Avx.Add(Avx.Add(first, second), Avx.Add(third, fourth)));
        for (var rest = (int)end; rest < one.Length; rest++)
            sum += one[rest] * other[rest];
        return sum;
    }

    /// <param name="one">Numbers from -127 to 127.</param>
    /// <param name="other">As many, of the same range.</param>
    public static int Of(ReadOnlySpan<sbyte> one, ReadOnlySpan<sbyte> other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, one.Length);
        var at = 0;
        var sum = 0;
        if (Avx2.IsSupported)
        {
            ref var left = ref MemoryMarshal.GetReference(one);
            ref var right = ref MemoryMarshal.GetReference(other);
            var sums = Vector256<int>.Zero;
            for (; at <= one.Length - Vector256<sbyte>.Count; at += Vector256<sbyte>.Count)
            {
                var numbers = Vector256.LoadUnsafe(ref left, (nuint)at);

                // The instruction takes numbers without a sign on one side: it goes over to the other. Two products of at most 127 · 127 fit into 16 bits.
                var products = Avx2.MultiplyAddAdjacent(Avx2.Abs(numbers), Avx2.Sign(Vector256.LoadUnsafe(ref right, (nuint)at), numbers));
                sums = Avx2.Add(sums, Avx2.MultiplyAddAdjacent(products, Vector256<short>.One));
            }
            sum = Vector256.Sum(sums);
        }
        else
        {
            var sums = Vector<int>.Zero;
            for (; at <= one.Length - Vector<sbyte>.Count; at += Vector<sbyte>.Count)
            {
                Vector.Widen(new Vector<sbyte>(one[at..]), out var low, out var high);
                Vector.Widen(new Vector<sbyte>(other[at..]), out var otherLow, out var otherHigh);
                Vector.Widen(low * otherLow + high * otherHigh, out var sumLow, out var sumHigh);
                sums += sumLow + sumHigh;
            }
            sum = Vector.Sum(sums);
        }

        for (; at < one.Length; at++)
            sum += one[at] * other[at];
        return sum;
    }
}
