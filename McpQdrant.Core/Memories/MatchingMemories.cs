using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>The memories that a filter finds, to be deleted: of each its id and revision, of the first few all.</summary>
internal sealed record MatchingMemories(IReadOnlyList<ReadMemory> All, IReadOnlyList<Memory> Sample)
{
    /// <summary>More than this at once is refused: a sample of it would show nothing.</summary>
    public const int Max = 10_000;

    public static readonly MatchingMemories None = new([], []);

    private const int SampleSize = 5;

    /// <exception cref="MemoryException">More than <see cref="Max"/> match, or the filter has no condition.</exception>
    public static async Task<MatchingMemories> ReadAsync(IMemoryStore store, CollectionLayout layout, Filter filter, CancellationToken cancellationToken)
    {
        var (all, sample) = (new List<ReadMemory>(), new List<Memory>());
        await foreach (var stored in store.ReadAllAsync(layout, LayoutFilter.For(layout, filter), withVectors: false, cancellationToken))
        {
            if (all.Count == Max)
                throw new MemoryException($"The filter matches more than {Max:N0} memories. Narrow it and delete in several steps.");
            all.Add(new ReadMemory(stored.Memory.Id, stored.Memory.Revision));
            if (sample.Count < SampleSize)
                sample.Add(stored.Memory);
        }
        return new MatchingMemories(all, sample);
    }
}
