using McpQdrant.Core.Access;

namespace McpQdrant.Core.History;

/// <summary>For how long what memories were before can be read and brought back.</summary>
public sealed record HistoryOptions
{
    /// <summary>Null keeps no log of changes.</summary>
    public TimeSpan? Retention { get; init; }
}

/// <summary>Gives changes their origins, by which stores write them down.</summary>
public sealed class ChangeHistory(HistoryOptions options, TimeProvider clock)
{
    public bool IsKept => options.Retention is not null;

    /// <returns>Null where no log is kept.</returns>
    internal ChangeOrigin? Begin(Caller caller, Operation operation)
    {
        if (!IsKept)
            return null;

        // In microseconds, as Qdrant counts.
        var now = clock.GetUtcNow();
        now = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return new ChangeOrigin(new ChangeId(Guid.CreateVersion7(now)), caller.Name, operation.Name, now);
    }
}
