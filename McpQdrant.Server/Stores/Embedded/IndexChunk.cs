namespace McpQdrant.Server.Stores.Embedded;

/// <summary>Up to <see cref="Capacity"/> memories, their vectors one after the other. Large collections grow without copying what they have.</summary>
internal sealed class IndexChunk(int vectorSize)
{
    public const int Capacity = 1024;

    // Grows, since a folder may hold many collections of a few memories.
    private IndexedMemory[] _memories = new IndexedMemory[8];
    private float[] _vectors = new float[8 * vectorSize];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public Span<IndexedMemory> Memories => _memories.AsSpan(0, Count);

    public ReadOnlySpan<float> Vector(int place) => _vectors.AsSpan(place * vectorSize, vectorSize);

    /// <param name="vector">Empty for none.</param>
    public void Add(in IndexedMemory memory, ReadOnlySpan<float> vector)
    {
        if (Count == _memories.Length)
        {
            Array.Resize(ref _memories, Count * 2);
            Array.Resize(ref _vectors, Count * 2 * vectorSize);
        }

        _memories[Count] = memory;
        vector.CopyTo(_vectors.AsSpan(Count * vectorSize));
        Count++;
    }
}
