using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Rest.Answers;

/// <summary>A memory in an answer.</summary>
internal sealed record MemoryAnswer
{
    public required string Id { get; init; }

    public required string Text { get; init; }

    public JsonElement? Metadata { get; init; }

    /// <summary>When it was stored for the first time.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public DateTime? UpdatedAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    /// <summary>1 for what was stored once; each change adds 1.</summary>
    public required int Revision { get; init; }

    /// <summary>Who stored it, or changed it last.</summary>
    public string? By { get; init; }

    /// <summary>For <c>If-Match</c>; not where the answer shows what it was or would be.</summary>
    public string? Etag { get; init; }

    /// <summary>The memory as it is.</summary>
    public static MemoryAnswer Of(Memory memory) => Past(memory) with { Etag = EntityTag.Of(memory.Revision) };

    /// <summary>The memory as it was or would be, by which nothing can be changed.</summary>
    public static MemoryAnswer Past(Memory memory) => new()
    {
        Id = memory.Id.ToString(),
        Text = memory.Text,
        Metadata = memory.Metadata,
        CreatedAt = memory.FirstStoredAt?.UtcDateTime,
        UpdatedAt = memory.ChangedAt?.UtcDateTime,
        ExpiresAt = memory.ExpiresAt?.UtcDateTime,
        Revision = memory.RevisionNumber,
        By = memory.By,
    };
}

/// <summary>A part of a list, the newest first.</summary>
internal sealed record MemoryPage
{
    public required IReadOnlyList<MemoryAnswer> Memories { get; init; }

    /// <summary>For the next part; not in the last one.</summary>
    public string? NextCursor { get; init; }
}
