namespace McpQdrant.Memories;

/// <summary>What one change did to one memory.</summary>
public sealed class MemoryChange
{
    /// <summary>The id of the change; one change may be of many memories.</summary>
    public required string Change { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The name of the caller that made it.</summary>
    public required string By { get; init; }

    /// <summary>The id of the memory.</summary>
    public required string MemoryId { get; init; }

    /// <summary>What became of the memory.</summary>
    public required MemoryChangeKind Kind { get; init; }

    /// <summary>The memory as it was before; null where there was none.</summary>
    public Memory? Before { get; init; }
}

/// <summary>What a change did to a memory.</summary>
public enum MemoryChangeKind
{
    /// <summary>It was not there before: it was imported, or brought back.</summary>
    Created,

    /// <summary>It was there and was changed.</summary>
    Updated,

    /// <summary>It was deleted.</summary>
    Deleted,
}

/// <summary>What became of a change that was to be taken back.</summary>
public sealed class UndoneChange
{
    /// <summary>Each memory that the change was of.</summary>
    public required IReadOnlyList<UndoneMemory> Memories { get; init; }

    /// <summary>The id of the undo, which is a change too; null where nothing was changed.</summary>
    public string? Change { get; init; }
}

/// <summary>What became of one memory of a change that was to be taken back.</summary>
public sealed class UndoneMemory
{
    /// <summary>The id of the memory.</summary>
    public required string Id { get; init; }

    /// <summary>What became of it.</summary>
    public required UndoOutcome Outcome { get; init; }
}

/// <summary>What became of one memory of a change that was to be taken back.</summary>
public enum UndoOutcome
{
    /// <summary>It is as it was before the change, or would be.</summary>
    Undone,

    /// <summary>It was as before the change already.</summary>
    AlreadyAsBefore,

    /// <summary>It was changed again since, and was left as it is.</summary>
    ChangedSince,
}

/// <summary>What became of memories that were imported.</summary>
public sealed class ImportedMemories
{
    /// <summary>Memories that were not there before.</summary>
    public required long Stored { get; init; }

    /// <summary>Memories that took the place of what was there.</summary>
    public required long Replaced { get; init; }

    /// <summary>Memories that stay out: they were there already, their ids are taken by others, or they have expired.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Lines that can't be stored.</summary>
    public required long Skipped { get; init; }

    /// <summary>The first of them, each with its place and the reason.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
