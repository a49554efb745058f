using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Examines where memories are kept, for somebody who wonders whether all is well.</summary>
public interface IStoreInspection
{
    /// <returns>A sentence on what is there.</returns>
    /// <exception cref="MemoryException">It can't be used; the message says what to do.</exception>
    Task<string> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Examines the machines over which memories are spread.</summary>
    /// <returns>Null where it is one.</returns>
    /// <exception cref="MemoryException">They can't be examined; the message says why.</exception>
    Task<ClusterReport?> InspectClusterAsync(CancellationToken cancellationToken) => Task.FromResult<ClusterReport?>(null);
}

/// <summary>What there is of a cluster.</summary>
/// <param name="Parts">Its nodes and what each collection has on them, a sentence each.</param>
/// <param name="Warnings">What isn't as it should be, and what to do; none where all is well.</param>
public sealed record ClusterReport(IReadOnlyList<string> Parts, IReadOnlyList<string> Warnings);
