namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Up to <see cref="Capacity"/> memories, their vectors one after the other. Large collections grow without copying what they have.</summary>
/// <param name="vectorSize">0 where vectors are kept elsewhere.</param>
/// <param name="room">For how many memories it has room at first; doubled as needed.</param>
internal sealed class IndexChunk(int vectorSize, int room)
{
    public const int Capacity = 1024;

    private IndexedMemory[] _memories = new IndexedMemory[room];
    private float[] _vectors = new float[room * vectorSize];
    private int _vectorSize = vectorSize;

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public Span<IndexedMemory> Memories => _memories.AsSpan(0, Count);

    public ReadOnlySpan<float> Vector(int slot) => _vectors.AsSpan(slot * _vectorSize, _vectorSize);

    /// <param name="vector">Empty for none.</param>
    public void Add(in IndexedMemory memory, ReadOnlySpan<float> vector)
    {
        if (Count == _memories.Length)
        {
            Array.Resize(ref _memories, Count * 2);
            Array.Resize(ref _vectors, Count * 2 * _vectorSize);
        }

        _memories[Count] = memory;
        if (_vectorSize > 0)
            vector.CopyTo(_vectors.AsSpan(Count * _vectorSize));
        Count++;
    }

    public void DropVectors() => (_vectors, _vectorSize) = ([], 0);
}
