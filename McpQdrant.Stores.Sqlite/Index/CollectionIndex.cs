using System.Numerics.Tensors;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Passages;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>A collection's memories in this process, without their texts: searched by vector and by words. Read by many or written by one.</summary>
/// <remarks>
/// Of a large collection there is a quarter of each vector only; what may be among the nearest by it is compared by its vector in the file, so that the
/// answer is the same.
/// </remarks>
internal sealed class CollectionIndex(int vectorSize, double averageLength)
{
    // Small, since a folder may hold many collections of a few memories.
    private const int RoomAtFirst = 1;

    // Of fewer, starting another core costs more than it saves.
    private const int LeastChunksOfACore = 4;

    // So many are searched in the time of a chunk of memories whose vectors are kept whole.
    private const int CodesOfAChunk = 16 * IndexChunk.Capacity;

    /// <summary>From so many on, vectors aren't kept whole. A look at so many takes about as long as reading the best from the file.</summary>
    public const int LargeSize = 16 * IndexChunk.Capacity;

    // By row: later memories are appended, never put in between.
    private readonly List<IndexChunk> _chunks = [];
    private readonly Dictionary<MemoryId, int> _slots = [];

    // Of all slots, where the collection is large; else null.
    private CodedVectors? _beginnings;

    /// <summary>The highest row ever seen; 0 for none.</summary>
    public long LastRow { get; private set; }

    public int Count => _slots.Count;

    /// <summary>How many slots there are, with the <see cref="Gaps"/>.</summary>
    public int Size => Count + Gaps;

    /// <summary>Slots that memories left behind when they were deleted or replaced.</summary>
    public int Gaps { get; private set; }

    /// <summary>The vectors of passages, which the memories refer to.</summary>
    public CodedVectors Passages { get; } = new(vectorSize);

    /// <summary>Of the same slots.</summary>
    public KeywordIndex Keywords { get; } = new(averageLength);

    public ref readonly IndexedMemory this[int slot] => ref Memory(slot);

    /// <summary>Adds a memory of a higher row than any before; one with the same id makes room for it.</summary>
    /// <param name="vector">Of length one; empty for none.</param>
    /// <param name="words">How many its text has, without stop words.</param>
    /// <param name="passages">As <see cref="Tables.StoredPassages"/> writes them; empty for none.</param>
    public void Add(IndexedMemory memory, ReadOnlySpan<float> vector, int words, ReadOnlySpan<byte> passages = default)
    {
        if (_slots.TryGetValue(memory.Id, out var replaced))
            Remove(replaced);
        if (_beginnings is null && Size == LargeSize && vectorSize >= CodedVectors.SketchedSize)
            BecomeLarge();
        if (_chunks is [] or [.., { IsFull: true }])
            _chunks.Add(new IndexChunk(_beginnings is null ? vectorSize : 0, room: _chunks is [] ? RoomAtFirst : IndexChunk.Capacity));

        var last = _chunks[^1];
        _slots[memory.Id] = (_chunks.Count - 1) * IndexChunk.Capacity + last.Count;
        var known = Passages.Count;
        memory.FirstPassage = Passages.Add(passages);
        memory.Passages = Passages.Count - known;
        last.Add(memory, vector);
        _beginnings?.Add(vector);
        Keywords.Add(words);
        LastRow = memory.Row;
    }

    /// <summary>Removes what has a row that isn't among those left.</summary>
    /// <param name="rows">In ascending order.</param>
    public void RemoveAllBut(IReadOnlyList<long> rows)
    {
        var next = 0;
        foreach (var slot in Slots())
        {
            while (next < rows.Count && rows[next] < Memory(slot).Row)
                next++;
            if (next == rows.Count || rows[next] != Memory(slot).Row)
                Remove(slot);
        }
    }

    public void Clear()
    {
        _chunks.Clear();
        _beginnings = null;
        _slots.Clear();
        Passages.Clear();
        Keywords.Clear();
        (LastRow, Gaps) = (0, 0);
    }

    /// <returns>The slot of a row; null where it isn't known or is gone.</returns>
    public int? Find(long row)
    {
        var (low, high) = (0, Size - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            ref readonly var memory = ref Memory(middle);
            if (memory.Row == row)
                return memory.IsGone ? null : middle;
            if (memory.Row < row)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    public int? Find(MemoryId id) => _slots.TryGetValue(id, out var slot) ? slot : null;

    /// <summary>The slots of all that satisfy a filter.</summary>
    public IEnumerable<int> Matching(CandidateFilter filter) => Slots().Where(slot => filter.Accepts(Memory(slot)));

    /// <summary>Those that were first stored last, the newest first; those without a time come last, and equally old ones by id.</summary>
    /// <param name="after">Only those that come after this one; null from the newest on.</param>
    public IReadOnlyList<MemoryId> Newest(CandidateFilter? filter, int limit, ListPosition? after)
    {
        var ticks = after is { FirstStoredAt: { } time } ? time.UtcTicks : long.MinValue;
        return
        [
            .. (filter is null ? Slots() : Matching(filter))
                .Where(slot => after is not { Id: var id } || FirstTicks(slot) < ticks || (FirstTicks(slot) == ticks && Memory(slot).Id.CompareTo(id) > 0))
                .OrderByDescending(FirstTicks)
                .ThenBy(slot => Memory(slot).Id)
                .Take(limit)
                .Select(slot => Memory(slot).Id),
        ];
    }

    private long FirstTicks(int slot) => Memory(slot).FirstStoredAt ?? Memory(slot).StoredAt ?? long.MinValue;

    /// <summary>The nearest by cosine, nearest first, equally near ones by id.</summary>
    /// <remarks>Of a long text, the best of its beginning and its passages counts.</remarks>
    /// <param name="threshold">What the cosine must exceed; null for any.</param>
    /// <param name="isExact">Whether scores of a large collection have to be exact, which takes a read from the file for each; else they are so to 0.002.</param>
    public (float Score, Candidate Candidate)[] Nearest(
        IndexQuestion question, int limit, float? threshold, CandidateFilter? filter, bool isExact, CancellationToken cancellationToken)
    {
        // A filter is for one thread.
        var work = ((_beginnings is null ? _chunks.Count : 0) + ((Passages.Count + (_beginnings?.Count ?? 0)) / CodesOfAChunk)) / LeastChunksOfACore;
        var cores = filter is null ? Math.Clamp(work, 1, Math.Max(1, Math.Min(_chunks.Count, Environment.ProcessorCount))) : 1;
        var scan = new SketchedScan(this, _beginnings, question, threshold ?? float.NegativeInfinity, filter, Math.Min(limit, Count));
        if (cores == 1)
            return scan.Decide(RunOf(0), isExact);

        var shares = new List<Compared>[cores];
        Parallel.For(0, cores, new ParallelOptions { CancellationToken = cancellationToken }, core => shares[core] = RunOf(core));
        return scan.Decide([.. shares.SelectMany(share => share)], isExact);

        List<Compared> RunOf(int core)
        {
            var (from, to) = (_chunks.Count * core / cores, _chunks.Count * (core + 1) / cores);
            return scan.Run(from * IndexChunk.Capacity, Math.Min(to * IndexChunk.Capacity, Size), cancellationToken);
        }
    }

    /// <summary>The cosine of a question and a memory, the best of its beginning and its passages.</summary>
    public float? Similarity(IndexQuestion question, int slot)
    {
        ref readonly var memory = ref Memory(slot);
        if (!memory.HasVector)
            return null;

        var beginning = _beginnings is not null && question.InFile(memory.Row) is { } inFile ? inFile : Beginning(question, slot).Cosine;
        return memory.Passages == 0 ? beginning : Math.Max(beginning, Passages.Best(question.Row, memory.FirstPassage, memory.Passages).Similarity - Passage.Handicap);
    }

    /// <summary>The cosine of a question and the beginning of a memory, as far as it is known without the file.</summary>
    /// <returns>How far it may be from the real one, too.</returns>
    public (float Cosine, float Margin) Beginning(IndexQuestion question, int slot) => _beginnings is null
        ? (TensorPrimitives.Dot<float>(question.Vector, Vector(slot)), 0)
        : (_beginnings.Similarity(question.Row, slot), _beginnings.Margin(question.Row, slot));

    /// <returns>The passage that is nearest to the question, from 0; null where the beginning is nearer, and where there are none.</returns>
    public int? NearestPassage(IndexQuestion question, int slot)
    {
        ref readonly var memory = ref Memory(slot);
        return memory.Passages > 0 && Passages.Best(question.Row, memory.FirstPassage, memory.Passages) is var best
            && best.Similarity - Passage.Handicap >= Beginning(question, slot).Cosine ? best.Passage : null;
    }

    /// <summary>The cosine of two memories, by their beginnings; 0 where one has no vector.</summary>
    public double Similarity(int slot, int other)
    {
        if (!Memory(slot).HasVector || !Memory(other).HasVector)
            return 0;
        return _beginnings is null ? TensorPrimitives.Dot(Vector(slot), Vector(other)) : StoredPassages.Similarity(_beginnings.Row(slot), _beginnings.Row(other));
    }

    private IEnumerable<int> Slots() => Enumerable.Range(0, Size).Where(slot => !Memory(slot).IsGone);

    private void Remove(int slot)
    {
        Memory(slot).IsGone = true;
        _slots.Remove(Memory(slot).Id);
        Keywords.Remove(slot);
        Gaps++;
    }

    private void BecomeLarge()
    {
        _beginnings = new CodedVectors(vectorSize);
        for (var slot = 0; slot < Size; slot++)
            _beginnings.Add(Vector(slot));
        foreach (var chunk in _chunks)
            chunk.DropVectors();
    }

    private ref IndexedMemory Memory(int slot) => ref _chunks[slot / IndexChunk.Capacity].Memories[slot % IndexChunk.Capacity];

    private ReadOnlySpan<float> Vector(int slot) => _chunks[slot / IndexChunk.Capacity].Vector(slot % IndexChunk.Capacity);
}
