using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using McpQdrant.Core.Search;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>
/// The vectors of a memory's passages as bytes, one after the other: a little-endian float32 and signed bytes, which multiplied by it are the vector.
/// A quarter of what float32 takes, in the file and in memory; cosines change by less than 0.01.
/// </summary>
internal static class StoredPassages
{
    public static int RowSize(int vectorSize) => sizeof(float) + vectorSize;

    /// <returns>Null for none.</returns>
    public static byte[]? Write(IReadOnlyList<SemanticVector> passages, SqliteCollection collection)
    {
        if (passages.Count == 0)
            return null;

        var size = RowSize(collection.VectorSize);
        var bytes = new byte[passages.Count * size];
        for (var i = 0; i < passages.Count; i++)
            Quantize(StoredVector.Normalized(passages[i], collection), bytes.AsSpan(i * size, size));
        return bytes;
    }

    /// <param name="vector">Of length one.</param>
    /// <param name="row">Is filled.</param>
    public static void Quantize(ReadOnlySpan<float> vector, Span<byte> row)
    {
        var largest = 0f;
        foreach (var number in vector)
            largest = Math.Max(largest, Math.Abs(number));

        var scale = largest / sbyte.MaxValue;
        BinaryPrimitives.WriteSingleLittleEndian(row, scale);
        var numbers = MemoryMarshal.Cast<byte, sbyte>(row[sizeof(float)..]);
        for (var i = 0; i < vector.Length; i++)
            numbers[i] = scale == 0 ? (sbyte)0 : (sbyte)Math.Round(vector[i] / scale);
    }

    /// <summary>What the bytes of a row are multiplied by.</summary>
    public static float Scale(ReadOnlySpan<byte> row) => BinaryPrimitives.ReadSingleLittleEndian(row);

    /// <summary>The cosine of two rows.</summary>
    public static float Similarity(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        Scale(one) * Scale(other)
        * Dot(MemoryMarshal.Cast<byte, sbyte>(one[sizeof(float)..]), MemoryMarshal.Cast<byte, sbyte>(other[sizeof(float)..]));

    /// <summary>Adds a row to a sum of vectors.</summary>
    public static void AddTo(Span<float> sum, ReadOnlySpan<byte> row)
    {
        var scale = Scale(row);
        var numbers = MemoryMarshal.Cast<byte, sbyte>(row[sizeof(float)..]);
        for (var i = 0; i < sum.Length; i++)
            sum[i] += scale * numbers[i];
    }

    private static int Dot(ReadOnlySpan<sbyte> one, ReadOnlySpan<sbyte> other)
    {
        var sums = Vector<int>.Zero;
        var at = 0;
        for (; at <= one.Length - Vector<sbyte>.Count; at += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(one[at..]), out var low, out var high);
            Vector.Widen(new Vector<sbyte>(other[at..]), out var otherLow, out var otherHigh);

            // Two products of at most 127 · 127 each fit into 16 bits.
            Vector.Widen(low * otherLow + high * otherHigh, out var sumLow, out var sumHigh);
            sums += sumLow + sumHigh;
        }

        var sum = Vector.Sum(sums);
        for (; at < one.Length; at++)
            sum += one[at] * other[at];
        return sum;
    }
}
