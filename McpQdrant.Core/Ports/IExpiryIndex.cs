using McpQdrant.Core.Collections;

namespace McpQdrant.Core.Ports;

/// <summary>Makes a store ready for memories that expire, so that a search which leaves them out is as fast as one that doesn't.</summary>
public interface IExpiryIndex
{
    /// <summary>From then on the collection is described as one in which memories expire. Any number of calls have the effect of one.</summary>
    Task AddAsync(CollectionName collection, CancellationToken cancellationToken);
}
