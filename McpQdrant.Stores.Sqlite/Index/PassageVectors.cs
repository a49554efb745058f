using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>The vectors of passages of a collection's memories, in memory, in the form of <see cref="StoredPassages"/>. Only appended to.</summary>
internal sealed class PassageVectors(int vectorSize)
{
    /// <summary>Rows in a block; a large collection grows without copying what it has.</summary>
    private const int BlockRows = 4096;

    private readonly int _rowSize = StoredPassages.RowSize(vectorSize);
    private readonly List<byte[]> _blocks = [];
    private int _rows;

    public int Count => _rows;

    /// <returns>The first row.</returns>
    public int Add(ReadOnlySpan<byte> rows)
    {
        var first = _rows;
        for (; rows.Length >= _rowSize; rows = rows[_rowSize..])
        {
            var (block, at) = Math.DivRem(_rows, BlockRows);
            if (block == _blocks.Count)
                _blocks.Add(new byte[(block == 0 ? 16 : BlockRows) * _rowSize]);
            if ((at + 1) * _rowSize > _blocks[block].Length)
                _blocks[block] = [.. _blocks[block], .. new byte[Math.Min(_blocks[block].Length, (BlockRows * _rowSize) - _blocks[block].Length)]];
            rows[.._rowSize].CopyTo(_blocks[block].AsSpan(at * _rowSize));
            _rows++;
        }

        return first;
    }

    public void Clear()
    {
        _blocks.Clear();
        _rows = 0;
    }

    /// <summary>The highest cosine of a question and the rows of one memory, and which of them has it, from 0.</summary>
    public (float Similarity, int Passage) Best(ReadOnlySpan<byte> question, int first, int count)
    {
        var best = (Similarity: float.NegativeInfinity, Passage: 0);
        for (var i = 0; i < count; i++)
        {
            var (block, at) = Math.DivRem(first + i, BlockRows);
            var similarity = StoredPassages.Similarity(question, _blocks[block].AsSpan(at * _rowSize, _rowSize));
            if (similarity > best.Similarity)
                best = (similarity, i);
        }

        return best;
    }
}

/// <summary>A question as both kinds of vectors are compared with it.</summary>
/// <param name="Vector">Of length one.</param>
/// <param name="Row">The same, as <see cref="StoredPassages"/> has it.</param>
internal sealed record IndexQuestion(float[] Vector, byte[] Row)
{
    public static IndexQuestion Of(float[] vector)
    {
        var row = new byte[StoredPassages.RowSize(vector.Length)];
        StoredPassages.Quantize(vector, row);
        return new IndexQuestion(vector, row);
    }
}
