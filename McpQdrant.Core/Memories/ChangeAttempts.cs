using McpQdrant.Core.Collections;

namespace McpQdrant.Core.Memories;

/// <summary>Counts how often a change was made in vain because another one was faster, and waits a little longer each time.</summary>
/// <remarks>Of several that change one memory at once one always succeeds, so whoever gives up here has met that many others.</remarks>
internal sealed class ChangeAttempts
{
    private const int Max = 200;

    private const int MaxDelay = 50;

    private int _count;

    /// <exception cref="MemoryException">It was tried too often.</exception>
    public Task NextAsync(MemoryId id, CollectionName collection, CancellationToken cancellationToken)
    {
        if (++_count == Max)
            throw new MemoryException($"Memory {id} of '{collection}' is changed by others all the time, so this change was not made. Try again later.");

        // By chance, so that those who met don't meet again.
        return Task.Delay(Random.Shared.Next(1 + Math.Min(_count, MaxDelay)), cancellationToken);
    }
}
