using System.Buffers;
using System.Numerics.Tensors;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Finds the nearest of memories with many passages: what their sketches promise most is compared first, and then only what may still be nearer.</summary>
/// <param name="limit">How many are looked for.</param>
internal sealed class SketchedScan(CollectionIndex index, IndexQuestion question, PassageSketches.Question sketch, float threshold, CandidateFilter? filter, int limit)
{
    /// <param name="from">The first slot.</param>
    /// <param name="to">The slot behind the last one.</param>
    /// <param name="nearest">Is filled.</param>
    public void Run(int from, int to, TopK<Candidate> nearest, CancellationToken cancellationToken)
    {
        if (from == to)
            return;

        var firstRow = index[from].FirstPassage;
        var rows = index[to - 1].FirstPassage + index[to - 1].Passages - firstRow;
        var rented = ArrayPool<float>.Shared.Rent(rows);
        try
        {
            var bounds = rented.AsSpan(0, rows);
            index.Passages.Bound(sketch, firstRow, bounds);
            cancellationToken.ThrowIfCancellationRequested();

            var memories = new List<BoundedMemory>(to - from);
            var promising = new TopK<Candidate>(limit);
            for (var slot = from; slot < to; slot++)
            {
                ref readonly var memory = ref index[slot];
                if (memory.IsGone || !memory.HasVector || filter?.Accepts(memory) == false)
                    continue;

                var beginning = TensorPrimitives.Dot(question.Vector, index.Vector(slot));
                var atMost = memory.Passages == 0 ? beginning : Math.Max(beginning, TensorPrimitives.Max<float>(bounds.Slice(memory.FirstPassage - firstRow, memory.Passages)));
                memories.Add(new BoundedMemory(slot, beginning, atMost));
                if (promising.MayHold(atMost))
                    promising.Add(atMost, new Candidate(memory.Id, slot));
            }
            cancellationToken.ThrowIfCancellationRequested();

            var compared = new HashSet<int>();
            foreach (var (_, candidate) in promising.Drain())
            {
                compared.Add(candidate.Slot);
                Offer(index.Similarity(question, candidate.Slot)!.Value, candidate.Slot, nearest);
            }
            foreach (var memory in memories)
            {
                if (memory.AtMost >= nearest.Floor && !compared.Contains(memory.Slot))
                    Offer(Best(memory, bounds, firstRow, nearest.Floor), memory.Slot, nearest);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>The highest cosine of a memory, if it is above a floor.</summary>
    private float Best(BoundedMemory bounded, ReadOnlySpan<float> bounds, int firstRow, float floor)
    {
        ref readonly var memory = ref index[bounded.Slot];
        var best = bounded.Beginning;
        for (var row = memory.FirstPassage; row < memory.FirstPassage + memory.Passages; row++)
        {
            if (bounds[row - firstRow] > Math.Max(best, floor))
                best = Math.Max(best, index.Passages.Similarity(question.Row, row));
        }

        return best;
    }

    private void Offer(float score, int slot, TopK<Candidate> nearest)
    {
        if (score > threshold && nearest.MayHold(score))
            nearest.Add(score, new Candidate(index[slot].Id, slot));
    }

    /// <param name="AtMost">What its cosine is at most, but for one in some hundreds.</param>
    private readonly record struct BoundedMemory(int Slot, float Beginning, float AtMost);
}
