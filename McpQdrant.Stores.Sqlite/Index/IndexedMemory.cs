using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>What is kept of a memory in this process, beside its vector; its text stays on the disk.</summary>
internal struct IndexedMemory
{
    public required MemoryId Id { get; init; }

    /// <summary>See <see cref="Schema"/>.</summary>
    public required long Row { get; init; }

    /// <summary>UTC ticks.</summary>
    public required long? StoredAt { get; init; }

    /// <summary>UTC ticks; null where it was never changed.</summary>
    public required long? FirstStoredAt { get; init; }

    /// <summary>UTC ticks; null for never.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>Null where there is none.</summary>
    public required PayloadValue Metadata { get; init; }

    /// <summary>False for a memory that is not searched by meaning.</summary>
    public required bool HasVector { get; init; }

    /// <summary>The first of its rows in <see cref="CodedVectors"/>.</summary>
    public int FirstPassage { get; set; }

    /// <summary>0 for a text that the model reads whole.</summary>
    public int Passages { get; set; }

    /// <summary>Deleted, or replaced by a later one.</summary>
    public bool IsGone { get; set; }
}
