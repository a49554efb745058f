using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Lets nothing of what was deleted stay where memories are kept.</summary>
public interface IErasure
{
    /// <returns>Null where nothing is left of it; otherwise a sentence on what may be, and for how long.</returns>
    /// <exception cref="MemoryException">It can't be done now; what was deleted stays deleted.</exception>
    Task<string?> EraseDeletedAsync(CancellationToken cancellationToken);
}
