namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>The places in a <see cref="CollectionIndex"/> whose memories have a term, and how often.</summary>
internal sealed class TermList
{
    private int[] _places = [];
    private byte[] _counts = [];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Places => _places.AsSpan(0, Count);

    /// <summary>255 stands for that many and more, which BM25 hardly tells apart.</summary>
    public ReadOnlySpan<byte> Counts => _counts.AsSpan(0, Count);

    public void Add(int place, int count)
    {
        if (Count == _places.Length)
        {
            var room = Math.Max(4, Count * 2);
            Array.Resize(ref _places, room);
            Array.Resize(ref _counts, room);
        }

        (_places[Count], _counts[Count]) = (place, (byte)Math.Min(count, byte.MaxValue));
        Count++;
    }
}
