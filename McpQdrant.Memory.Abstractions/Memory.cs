using System.Text.Json.Nodes;

namespace McpQdrant.Memories;

/// <summary>A text that was kept, and what was said about it.</summary>
public sealed class Memory
{
    /// <summary>What it is called in its collection: a UUID, or a number in collections of other programs.</summary>
    public required string Id { get; init; }

    /// <summary>The collection that it is in.</summary>
    public required string Collection { get; init; }

    /// <summary>The text, whole.</summary>
    public required string Text { get; init; }

    /// <summary>Facts about the text; null where there are none. It is this object's own, so changing it changes nothing else.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>When it was stored for the first time; null where another program stored it without a time.</summary>
    public DateTimeOffset? StoredAt { get; init; }

    /// <summary>When its text or metadata were changed last; null where they never were.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>From when on nobody finds it; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The name of the caller that stored or changed it last; null where that isn't known.</summary>
    public string? By { get; init; }
}

/// <summary>What became of a text that was to be kept.</summary>
public sealed class StoredMemory
{
    /// <summary>The id of the memory.</summary>
    public required string Id { get; init; }

    /// <summary>The collection that it is in.</summary>
    public required string Collection { get; init; }

    /// <summary>Whether it was not there before.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Whether nothing was stored, because another memory, whose id this is, says nearly the same. Only where the store has a threshold for duplicates.</summary>
    public bool IsDuplicate { get; init; }
}

/// <summary>A memory that was found, and why.</summary>
public sealed class FoundMemory
{
    /// <summary>The memory.</summary>
    public required Memory Memory { get; init; }

    /// <summary>What the order goes by: higher is better, comparable within one find only.</summary>
    public required double Score { get; init; }

    /// <summary>The cosine between question and memory; null where they were not compared.</summary>
    public double? Similarity { get; init; }

    /// <summary>The passage of a long text that matched; null for a text that is searched whole.</summary>
    public string? Passage { get; init; }

    /// <summary>Whether the text of <see cref="Memory"/> was shortened on the way: <see cref="IMemories.GetAsync"/> reads it whole.</summary>
    public bool IsShortened { get; init; }
}

/// <summary>A memory after its change.</summary>
public sealed class ChangedMemory
{
    /// <summary>The memory as it is now.</summary>
    public required Memory Memory { get; init; }

    /// <summary>The id of the change, for <see cref="IMemories.UndoAsync"/>; null where no log of changes is kept.</summary>
    public string? Change { get; init; }
}

/// <summary>What became of memories that were to be deleted.</summary>
public sealed class ForgottenMemories
{
    /// <summary>How many of them there were.</summary>
    public required long Count { get; init; }

    /// <summary>The id of the change, for <see cref="IMemories.UndoAsync"/>; null where nothing was deleted, and where no log of changes is kept.</summary>
    public string? Change { get; init; }
}
