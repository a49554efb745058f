using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>
/// One bit for each number of a passage's vector: on which side of the mean it lies. From the bits, an eighth of the vector's bytes, it can be told what the
/// cosine with a question is at most, so that a search reads those vectors only that may be among the nearest.
/// </summary>
/// <remarks>
/// After RaBitQ (J. Gao and C. Long, SIGMOD 2024), without its rotation. With d = mean + r and q = mean + p, the cosine q·d is q·mean + mean·r + p·r, and
/// p·r is about p·signs(r) · |r|² / Σ|rᵢ|. The mean matters: all vectors of some models lie close together.
/// </remarks>
/// <param name="mean">About the mean of the rows.</param>
internal sealed class VectorSketches(float[] mean)
{
    /// <summary>A number of the question has four bits, from -8 to 7.</summary>
    private const int LargestNumber = 7;

    private const int BlockRows = CodedVectors.BlockRows;

    /// <summary>How far above its estimate a cosine may be. The standard deviation is 0.6 of the unit, where numbers are distributed normally.</summary>
    private const float Reach = 2;

    private readonly int _words = (mean.Length + 63) / 64;
    private readonly List<(ulong[] Signs, Scale[] Scales)> _blocks = [];
    private readonly float[] _rest = new float[mean.Length];
    private int _rows;

    /// <param name="row">As <see cref="StoredPassages"/> has it.</param>
    public void Add(ReadOnlySpan<byte> row)
    {
        TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, sbyte>(row[sizeof(float)..]), _rest.AsSpan());
        TensorPrimitives.Multiply(_rest, BinaryPrimitives.ReadSingleLittleEndian(row), _rest);
        TensorPrimitives.Subtract(_rest, mean, _rest);

        var (block, at) = Math.DivRem(_rows++, BlockRows);
        if (block == _blocks.Count)
            _blocks.Add((new ulong[BlockRows * _words], new Scale[BlockRows]));
        var (signs, scales) = _blocks[block];
        for (var i = 0; i < _rest.Length; i++)
            signs[at * _words + i / 64] |= _rest[i] < 0 ? 1ul << (i % 64) : 0;
        var sum = TensorPrimitives.SumOfMagnitudes<float>(_rest);
        scales[at] = new Scale(TensorPrimitives.Dot<float>(_rest, mean), sum == 0 ? 0 : TensorPrimitives.SumOfSquares<float>(_rest) / sum);
    }

    /// <summary>Prepares a question for <see cref="Bound"/>.</summary>
    /// <param name="vector">Of length one.</param>
    public Question Ask(ReadOnlySpan<float> vector)
    {
        var rest = new float[mean.Length];
        TensorPrimitives.Subtract(vector, mean, rest);
        var step = Math.Max(float.Epsilon, Math.Abs(TensorPrimitives.MaxMagnitude<float>(rest)) / LargestNumber);

        var words = new Word[_words];
        for (var i = 0; i < rest.Length; i++)
            words[i / 64].Set(i % 64, (int)MathF.Round(rest[i] / step));
        return new Question(words, 2 * step, TensorPrimitives.Dot(vector, mean), TensorPrimitives.Sum<float>(rest) + Reach * TensorPrimitives.Norm<float>(rest));
    }

    /// <summary>Says of rows, one after the other, what their cosines are at most, but for one row in a thousand.</summary>
    /// <param name="bounds">Is filled.</param>
    public void Bound(Question question, int row, Span<float> bounds)
    {
        ReadOnlySpan<Word> words = question.Words;
        while (bounds.Length > 0)
        {
            var (block, at) = Math.DivRem(row, BlockRows);
            var signs = _blocks[block].Signs.AsSpan(at * _words);
            var scales = _blocks[block].Scales.AsSpan(at, Math.Min(bounds.Length, BlockRows - at));
            for (var i = 0; i < scales.Length; i++)
            {
                var ofRow = signs.Slice(i * words.Length, words.Length);
                var negative = 0;
                for (var word = 0; word < words.Length; word++)
                    negative += words[word].SumOf(ofRow[word]);
                bounds[i] = question.Mean + scales[i].Mean + scales[i].Factor * (question.Sum - question.Step * negative);
            }
            row += scales.Length;
            bounds = bounds[scales.Length..];
        }
    }

    /// <param name="Mean">mean·r.</param>
    /// <param name="Factor">|r|² / Σ|rᵢ|.</param>
    private readonly record struct Scale(float Mean, float Factor);

    /// <summary>A question as sketches are compared with it.</summary>
    /// <param name="Words">Its numbers beside the mean, in steps.</param>
    /// <param name="Step">Twice what a step is.</param>
    /// <param name="Mean">q·mean.</param>
    /// <param name="Sum">Of its numbers beside the mean, and how far above its estimate a cosine may be.</param>
    internal sealed record Question(Word[] Words, float Step, float Mean, float Sum);

    /// <summary>64 numbers from -8 to 7 by their bits: the lowest bits of all, the second ones, and so on.</summary>
    internal struct Word
    {
        private ulong _ones;
        private ulong _twos;
        private ulong _fours;
        private ulong _minusEights;

        public void Set(int at, int number)
        {
            _ones |= (ulong)(number & 1) << at;
            _twos |= (ulong)((number >> 1) & 1) << at;
            _fours |= (ulong)((number >> 2) & 1) << at;
            _minusEights |= (ulong)((number >> 3) & 1) << at;
        }

        /// <summary>The sum of those numbers whose bits are set.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly int SumOf(ulong bits) =>
            BitOperations.PopCount(bits & _ones) + 2 * BitOperations.PopCount(bits & _twos) + 4 * BitOperations.PopCount(bits & _fours) - 8 * BitOperations.PopCount(bits & _minusEights);
    }
}
