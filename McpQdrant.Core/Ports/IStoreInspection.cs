using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Examines where memories are kept, for somebody who wonders whether all is well.</summary>
public interface IStoreInspection
{
    /// <returns>A sentence on what is there.</returns>
    /// <exception cref="MemoryException">It can't be used; the message says what to do.</exception>
    Task<string> InspectAsync(CancellationToken cancellationToken);
}
