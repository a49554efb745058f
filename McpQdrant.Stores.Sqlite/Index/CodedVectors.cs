using System.Numerics.Tensors;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Vectors of a collection's memories or of their passages, in memory, in the form of <see cref="StoredPassages"/>. Only appended to.</summary>
internal sealed class CodedVectors(int vectorSize)
{
    /// <summary>Rows in a block; a large collection grows without copying what it has.</summary>
    public const int BlockRows = 4096;

    /// <summary>Fewer rows are searched as fast without sketches, and the bits of fewer numbers tell too little.</summary>
    private const int SketchedRows = 1024;

    /// <summary>The least size of vectors that have sketches.</summary>
    public const int SketchedSize = 64;

    /// <summary>
    /// How far the cosine of two rows may be from that of their vectors, in the sum of their scales. Each number is rounded by half of a scale at most, so the
    /// standard deviation is 0.29 of a scale.
    /// </summary>
    private const float Reach = 1.5f;

    private readonly int _rowSize = StoredPassages.RowSize(vectorSize);
    private readonly List<byte[]> _blocks = [];
    private VectorSketches? _sketches;
    private int _rows;

    public int Count => _rows;

    /// <returns>The first row.</returns>
    public int Add(ReadOnlySpan<byte> rows)
    {
        var first = _rows;
        for (; rows.Length >= _rowSize; rows = rows[_rowSize..])
        {
            rows[.._rowSize].CopyTo(NextRow());
            Added();
        }

        return first;
    }

    /// <summary>Adds one row.</summary>
    /// <param name="vector">Of length one; empty for none, which is like nothing.</param>
    public void Add(ReadOnlySpan<float> vector)
    {
        StoredPassages.Quantize(vector, NextRow());
        Added();
    }

    public void Clear()
    {
        _blocks.Clear();
        _sketches = null;
        _rows = 0;
    }

    /// <summary>Prepares a question for <see cref="Bound"/>; null where there are few rows.</summary>
    /// <param name="vector">Of length one.</param>
    public VectorSketches.Question? Sketch(ReadOnlySpan<float> vector) => _sketches?.Ask(vector);

    /// <summary>The highest similarity of a question and the rows of one memory, and which of them has it, from 0.</summary>
    public (float Similarity, int Passage) Best(ReadOnlySpan<byte> question, int first, int count)
    {
        var best = (Similarity: float.NegativeInfinity, Passage: 0);
        for (var i = 0; i < count; i++)
        {
            var similarity = Similarity(question, first + i);
            if (similarity > best.Similarity)
                best = (similarity, i);
        }

        return best;
    }

    /// <inheritdoc cref="VectorSketches.Bound"/>
    /// <param name="sketch">Null where there are so few rows that they are all compared.</param>
    public void Bound(IndexQuestion question, VectorSketches.Question? sketch, int row, Span<float> bounds)
    {
        if (sketch is not null)
        {
            _sketches!.Bound(sketch, row, bounds);
            return;
        }

        for (var i = 0; i < bounds.Length; i++)
            bounds[i] = Similarity(question.Row, row + i);
    }

    public float Similarity(ReadOnlySpan<byte> question, int row) => StoredPassages.Similarity(question, Row(row));

    /// <summary>How far <see cref="Similarity"/> may be from the cosine of the vectors that were rounded.</summary>
    public float Margin(ReadOnlySpan<byte> question, int row) => Reach * (StoredPassages.Scale(question) + StoredPassages.Scale(Row(row)));

    public ReadOnlySpan<byte> Row(int row)
    {
        var (block, at) = Math.DivRem((uint)row, BlockRows);
        return _blocks[(int)block].AsSpan((int)at * _rowSize, _rowSize);
    }

    /// <summary>The place of the next row, which holds nothing yet.</summary>
    private Span<byte> NextRow()
    {
        var (block, at) = Math.DivRem(_rows, BlockRows);
        if (block == _blocks.Count)
            _blocks.Add(new byte[(block == 0 ? 16 : BlockRows) * _rowSize]);
        if ((at + 1) * _rowSize > _blocks[block].Length)
            _blocks[block] = [.. _blocks[block], .. new byte[Math.Min(_blocks[block].Length, (BlockRows * _rowSize) - _blocks[block].Length)]];
        return _blocks[block].AsSpan(at * _rowSize, _rowSize);
    }

    private void Added()
    {
        _sketches?.Add(Row(_rows));
        _rows++;
        if (_rows == SketchedRows && vectorSize >= SketchedSize)
            BeginSketches();
    }

    /// <summary>The mean of the first rows will do for all.</summary>
    private void BeginSketches()
    {
        var mean = new float[vectorSize];
        for (var row = 0; row < _rows; row++)
            StoredPassages.AddTo(mean, Row(row));
        TensorPrimitives.Divide(mean, _rows, mean);

        _sketches = new VectorSketches(mean);
        for (var row = 0; row < _rows; row++)
            _sketches.Add(Row(row));
    }
}

/// <summary>A question as both kinds of vectors are compared with it.</summary>
/// <param name="Vector">Of length one.</param>
/// <param name="Row">The same, as <see cref="StoredPassages"/> has it.</param>
/// <param name="InFile">Its cosine with the vector that a row of the file has; null where the row is gone.</param>
internal sealed record IndexQuestion(float[] Vector, byte[] Row, Func<long, float?> InFile)
{
    public static IndexQuestion Of(float[] vector, Func<long, float?> inFile)
    {
        var row = new byte[StoredPassages.RowSize(vector.Length)];
        StoredPassages.Quantize(vector, row);
        return new IndexQuestion(vector, row, inFile);
    }
}
