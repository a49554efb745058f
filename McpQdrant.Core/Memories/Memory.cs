using System.Text.Json;
using McpQdrant.Core.Json;

namespace McpQdrant.Core.Memories;

/// <summary>A text that was kept, and what was said about it.</summary>
/// <param name="Id">What it is called in its collection.</param>
/// <param name="Text">The text, whole.</param>
/// <param name="Metadata">A JSON object, or null where there is none.</param>
/// <param name="StoredAt">When it was stored or changed last, by which it ages; null for memories that another program wrote without a time.</param>
public sealed record Memory(MemoryId Id, string Text, JsonElement? Metadata, DateTimeOffset? StoredAt)
{
    private readonly MemoryRevision? _revision;

    /// <summary>When it was stored for the first time, whatever was changed since; null where no time is known.</summary>
    public DateTimeOffset? FirstStoredAt { get => field ?? StoredAt; init; }

    /// <summary>When its text or metadata were changed last; null where they never were.</summary>
    public DateTimeOffset? ChangedAt => StoredAt > FirstStoredAt ? StoredAt : null;

    /// <summary>The name of the caller that stored it, or changed it last; null where another program did, and where that was not written down.</summary>
    public string? By { get; init; }

    /// <summary>1 for what was stored once, and where nobody counted; each change adds 1.</summary>
    public int RevisionNumber { get => Math.Max(field, 1); init; }

    /// <summary>From when on nobody finds it; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Which state of it was read. Stores ignore it when they write: what is written gets a new one.</summary>
    public MemoryRevision Revision
    {
        get => _revision ?? MemoryRevision.OfContent(this);
        init => _revision = value;
    }

    /// <summary>Whether it holds this text and this metadata, however a store spells its numbers; no metadata and an empty object are the same.</summary>
    public bool HasSameContent(string text, JsonElement? metadata) => Text == text && SameJson.Equals(Metadata ?? EmptyObject, metadata ?? EmptyObject);

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");
}
