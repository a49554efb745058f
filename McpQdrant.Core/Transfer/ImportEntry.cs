using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Transfer;

/// <summary>One thing that was read from what is imported.</summary>
/// <param name="Place">Where it stands, for a person, for instance <c>line 3</c>.</param>
public abstract record ImportEntry(string Place)
{
    /// <summary>What follows belongs to this collection.</summary>
    public sealed record Header(string Place, MemoryFileHeader File) : ImportEntry(Place);

    public sealed record Item(string Place, ImportedMemory Memory) : ImportEntry(Place);

    /// <param name="Reason">A sentence without a capital and a full stop.</param>
    public sealed record Unreadable(string Place, string Reason) : ImportEntry(Place);
}

/// <summary>A memory that comes from elsewhere.</summary>
/// <param name="Metadata">A JSON object; null for none.</param>
public sealed record ImportedMemory(string Text, JsonElement? Metadata)
{
    /// <summary>Null where it has none: then it is made of text and metadata, as for a text that is stored.</summary>
    public MemoryId? Id { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Who stored it, or changed it last; null where that isn't known.</summary>
    public string? By { get; init; }

    /// <inheritdoc cref="Memory.RevisionNumber"/>
    public int? Revision { get; init; }

    /// <summary>Fields that another program keeps beside text and metadata: an object; null for none.</summary>
    public JsonElement? Others { get; init; }

    /// <summary>Its vector, if the file has them.</summary>
    public ReadOnlyMemory<float>? Vector { get; init; }

    /// <summary>The memory as a store keeps it.</summary>
    internal Memory ToMemory(JsonElement? metadata) =>
        new(Id ?? MemoryId.Of(Text, metadata), Text, metadata, Updated ?? Created) { FirstStoredAt = Created, ExpiresAt = Expires, By = By, RevisionNumber = Revision ?? 0 };
}
