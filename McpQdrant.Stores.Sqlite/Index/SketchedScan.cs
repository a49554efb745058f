using System.Buffers;
using System.Numerics.Tensors;
using McpQdrant.Core.Search.Passages;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>
/// Finds the nearest memories: what their sketches promise most is compared first, and then only what may still be nearer. What is compared by a rounded
/// vector is compared again by the one in the file, as far as it may be among the nearest.
/// </summary>
/// <param name="beginnings">Of all slots; null where the index has them whole.</param>
/// <param name="limit">How many are looked for.</param>
internal sealed class SketchedScan(CollectionIndex index, CodedVectors? beginnings, IndexQuestion question, float threshold, CandidateFilter? filter, int limit)
{
    private readonly VectorSketches.Question? _beginnings = beginnings?.Sketch(question.Vector);
    private readonly VectorSketches.Question? _passages = index.Passages.Sketch(question.Vector);

    /// <summary>Compares some memories, by what the index knows.</summary>
    /// <param name="from">The first slot.</param>
    /// <param name="to">The slot behind the last one.</param>
    /// <returns>Those that may be among the nearest.</returns>
    public List<Compared> Run(int from, int to, CancellationToken cancellationToken)
    {
        if (from >= to)
            return [];

        var firstRow = index[from].FirstPassage;
        var rows = index[to - 1].FirstPassage + index[to - 1].Passages - firstRow;
        var rented = ArrayPool<float>.Shared.Rent(to - from + rows);
        try
        {
            // What each memory's cosine is at most, as long as it is to be compared: first by its beginning alone.
            var ofMemories = rented.AsSpan(0, to - from);
            beginnings?.Bound(question, _beginnings, from, ofMemories);
            var ofPassages = rented.AsSpan(to - from, rows);
            index.Passages.Bound(question, _passages, firstRow, ofPassages);
            TensorPrimitives.Subtract(ofPassages, Passage.Handicap, ofPassages);
            cancellationToken.ThrowIfCancellationRequested();

            var compared = new List<Compared>();
            var (nearest, promising) = (new TopK<Candidate>(limit), new TopK<Candidate>(limit));
            for (var slot = from; slot < to; slot++)
            {
                ref readonly var memory = ref index[slot];
                ref var atMost = ref ofMemories[slot - from];
                if (memory.IsGone || !memory.HasVector || filter?.Accepts(memory) == false)
                {
                    atMost = float.NegativeInfinity;
                    continue;
                }

                if (beginnings is null)
                    atMost = index.Beginning(question, slot).Cosine;
                if (beginnings is null && memory.Passages == 0)
                {
                    Offer(new Compared(slot, atMost, Margin: 0, float.NegativeInfinity), compared, nearest);
                    atMost = float.NegativeInfinity;
                    continue;
                }

                if (memory.Passages > 0)
                    atMost = Math.Max(atMost, TensorPrimitives.Max<float>(ofPassages.Slice(memory.FirstPassage - firstRow, memory.Passages)));
                if (promising.MayHold(atMost))
                    promising.Add(atMost, new Candidate(memory.Id, slot));
            }
            cancellationToken.ThrowIfCancellationRequested();

            foreach (var (_, candidate) in promising.Drain())
            {
                ofMemories[candidate.Slot - from] = float.NegativeInfinity;
                Offer(Compare(candidate.Slot, ofPassages, firstRow, nearest.Floor), compared, nearest);
            }
            for (var slot = from; slot < to; slot++)
            {
                if (ofMemories[slot - from] is > float.NegativeInfinity and var atMost && atMost >= nearest.Floor)
                    Offer(Compare(slot, ofPassages, firstRow, nearest.Floor), compared, nearest);
            }
            return compared;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>Says which of them are the nearest, in their order, equally near ones by id.</summary>
    /// <param name="isExact">Whether all that are not known are looked up in the file, or only those that the threshold may part.</param>
    public (float Score, Candidate Candidate)[] Decide(List<Compared> compared, bool isExact)
    {
        var atLeast = new TopK<Candidate>(limit);
        foreach (var one in compared)
            atLeast.Add(one.AtLeast, Candidate(one));

        var nearest = new TopK<Candidate>(limit);
        foreach (var one in compared.Where(one => one.AtMost >= atLeast.Floor).OrderByDescending(one => one.AtMost))
        {
            if (!nearest.MayHold(one.AtMost))
                break;
            var score = one.IsKnown ? one.AtLeast : !isExact && one.AtLeast > threshold ? Math.Max(one.Beginning, one.Passage) : Math.Max(question.InFile(index[one.Slot].Row) ?? one.Beginning, one.Passage);
            if (score > threshold && nearest.MayHold(score))
                nearest.Add(score, Candidate(one));
        }
        return nearest.Drain();
    }

    /// <param name="ofPassages">What the passages' cosines are at most, from the first row on.</param>
    /// <param name="floor">What is below it isn't looked for.</param>
    private Compared Compare(int slot, ReadOnlySpan<float> ofPassages, int firstRow, float floor)
    {
        ref readonly var memory = ref index[slot];
        var (beginning, margin) = index.Beginning(question, slot);
        var passage = float.NegativeInfinity;
        for (var row = memory.FirstPassage; row < memory.FirstPassage + memory.Passages; row++)
        {
            if (ofPassages[row - firstRow] > Math.Max(Math.Max(passage, beginning - margin), floor))
                passage = Math.Max(passage, index.Passages.Similarity(question.Row, row) - Passage.Handicap);
        }
        return new Compared(slot, beginning, margin, passage);
    }

    private void Offer(Compared one, List<Compared> compared, TopK<Candidate> nearest)
    {
        if (one.AtMost <= threshold || !nearest.MayHold(one.AtMost))
            return;

        compared.Add(one);
        if (nearest.MayHold(one.AtLeast))
            nearest.Add(one.AtLeast, Candidate(one));
    }

    private Candidate Candidate(Compared one) => new(index[one.Slot].Id, one.Slot);
}

/// <summary>What is known of the cosine of a question and a memory.</summary>
/// <param name="Beginning">With the beginning of its text.</param>
/// <param name="Margin">How far the real one may be from it.</param>
/// <param name="Passage">With the nearest of its passages.</param>
internal readonly record struct Compared(int Slot, float Beginning, float Margin, float Passage)
{
    public float AtMost => Math.Max(Beginning + Margin, Passage);

    public float AtLeast => Math.Max(Beginning - Margin, Passage);

    /// <summary>Whether it is the real one.</summary>
    public bool IsKnown => Margin == 0 || Passage >= Beginning + Margin;
}
