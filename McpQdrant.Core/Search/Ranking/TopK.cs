namespace McpQdrant.Core.Search.Ranking;

/// <summary>The <paramref name="limit"/> best of what it is offered, without sorting the rest. Equal scores: the lesser item is better.</summary>
public sealed class TopK<T>(int limit) where T : struct, IComparable<T>
{
    private readonly PriorityQueue<float, Entry> _worstFirst = new(Math.Min(limit, 1024));
    /// <summary>What an item's score must reach at least to be among the best.</summary>
    public float Floor { get; private set; } = float.NegativeInfinity;

    /// <summary>Whether an item with this score may be among the best; a quick look before <see cref="Add"/>.</summary>
    public bool MayHold(float score) => score >= Floor;

    public void Add(float score, T item)
    {
        if (_worstFirst.Count < limit)
            _worstFirst.Enqueue(score, new Entry(score, item));
        else
            _worstFirst.EnqueueDequeue(score, new Entry(score, item));

        if (_worstFirst.Count == limit)
            Floor = _worstFirst.Peek();
    }

    /// <summary>Empties it, best first.</summary>
    public (float Score, T Item)[] Drain()
    {
        var best = new (float, T)[_worstFirst.Count];
        for (var i = best.Length - 1; _worstFirst.TryDequeue(out _, out var entry); i--)
            best[i] = (entry.Score, entry.Item);
        return best;
    }

    private readonly record struct Entry(float Score, T Item) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            var byScore = Score.CompareTo(other.Score);
            return byScore != 0 ? byScore : other.Item.CompareTo(Item);
        }
    }
}
