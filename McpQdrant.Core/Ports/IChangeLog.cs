using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Reads the log of changes, and removes from it. A store writes it itself, together with each change that has an origin.</summary>
/// <remarks>What the log has, has happened, and what has happened with an origin, the log has: also where a process was killed in between.</remarks>
public interface IChangeLog
{
    /// <summary>The changes that satisfy the query, the newest first.</summary>
    Task<IReadOnlyList<Change>> ReadChangesAsync(ChangeQuery query, CancellationToken cancellationToken);

    /// <summary>Removes the lines of changes made before a time.</summary>
    /// <returns>How many there were.</returns>
    Task<long> RemoveChangesAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Removes all lines of some memories, for good.</summary>
    /// <returns>How many there were.</returns>
    Task<long> RemoveChangesAsync(CollectionName collection, IReadOnlyList<MemoryId> memories, CancellationToken cancellationToken);
}

/// <summary>Which changes to read; what is null is not asked for.</summary>
public sealed record ChangeQuery
{
    public CollectionName? Collection { get; init; }

    public MemoryId? Memory { get; init; }

    public ChangeId? Change { get; init; }

    /// <summary>The caller's name.</summary>
    public string? By { get; init; }

    /// <summary>The earliest time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many lines at most.</summary>
    public required int Limit { get; init; }
}
