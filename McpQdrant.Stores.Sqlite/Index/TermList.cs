namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>The slots in a <see cref="CollectionIndex"/> whose memories have a term, and how often.</summary>
internal sealed class TermList
{
    /// <summary>In bytes.</summary>
    public const int OccurrenceSize = sizeof(int) + sizeof(byte);

    private int[] _slots = [];
    private byte[] _counts = [];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);

    /// <summary>255 stands for that many and more, which BM25 hardly tells apart.</summary>
    public ReadOnlySpan<byte> Counts => _counts.AsSpan(0, Count);

    /// <summary>About how many bytes a list and its term take in memory: objects and their references first, then what they hold.</summary>
    public static long SizeOf(string term, int count) => 250 + (2L * term.Length) + ((long)OccurrenceSize * count);

    public void Add(int slot, int count)
    {
        if (Count == _slots.Length)
        {
            var room = Math.Max(4, Count * 2);
            Array.Resize(ref _slots, room);
            Array.Resize(ref _counts, room);
        }

        (_slots[Count], _counts[Count]) = (slot, (byte)Math.Min(count, byte.MaxValue));
        Count++;
    }
}
