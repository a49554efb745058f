using System.Text.Json.Nodes;

namespace McpQdrant.Memories;

/// <summary>What every call may say: in which collection, and for whom.</summary>
public class CallOptions
{
    /// <summary>The collection; null for the default one.</summary>
    public string? Collection { get; init; }

    /// <summary>For whom the call is; null for the default caller. A client has none to name: its key or token says who calls.</summary>
    public MemoryCaller? Caller { get; init; }
}

/// <summary>How a text is kept.</summary>
public sealed class StoreOptions : CallOptions
{
    /// <summary>Facts about the text, by which it can be filtered; null for none.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>From when on nobody finds it; null leaves it to the collection, which keeps it for ever unless it says otherwise.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Keeps the text also where a memory very like it is there. Matters only where the store has a threshold for duplicates. Default: no.</summary>
    public bool AllowDuplicate { get; init; }
}

/// <summary>Which memories are asked for. What is null is not asked for; the rest holds together, and applies within the search.</summary>
public class SelectionOptions : CallOptions
{
    /// <summary>Fields of the metadata with the values that they must have, exactly; of an array, any one; null for memories without the field.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Only what was first stored then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what was first stored then or earlier.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A filter in Qdrant's language, for instance <c>{"must_not": [{"key": "metadata.state", "match": {"value": "done"}}]}</c>.</summary>
    public JsonObject? Filter { get; init; }
}

/// <summary>How memories are searched.</summary>
public sealed class FindOptions : SelectionOptions
{
    /// <summary>The largest <see cref="Limit"/>.</summary>
    public const int MaxLimit = 50;

    /// <summary>How many memories at most, from 1 to <see cref="MaxLimit"/>; null for the default, which is 10 unless it was set otherwise.</summary>
    public int? Limit { get; init; }
}

/// <summary>Which memories are listed.</summary>
public sealed class ListOptions : SelectionOptions;

/// <summary>What is to be changed of a memory. What is null stays as it is.</summary>
public sealed class MemoryUpdate
{
    /// <summary>The new text, whole.</summary>
    public string? Text { get; init; }

    /// <summary>Fields to set; those that are null are removed.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Puts <see cref="Metadata"/> in place of all that was there. Default: no.</summary>
    public bool ReplaceMetadata { get; init; }

    /// <summary>From when on nobody finds it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Keeps it for ever, though it was to expire. Default: no.</summary>
    public bool NeverExpires { get; init; }
}

/// <summary>Which changes are read.</summary>
public sealed class HistoryOptions : CallOptions
{
    /// <summary>Only those of this memory; null for all.</summary>
    public string? MemoryId { get; init; }

    /// <summary>Only those of the caller of this name; null for all.</summary>
    public string? By { get; init; }

    /// <summary>Only those made then or later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many entries at most. Default: 100.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>How a change is taken back.</summary>
public sealed class UndoOptions : CallOptions
{
    /// <summary>Only tells what would happen. Default: no.</summary>
    public bool IsPreview { get; init; }
}

/// <summary>What is exported.</summary>
public sealed class ExportOptions : CallOptions
{
    /// <summary>Exports every collection of the store in place of one. Default: no.</summary>
    public bool AllCollections { get; init; }

    /// <summary>Whether the lines have the memories' vectors, so that an import needs no model where it is the same. Default: no.</summary>
    public bool WithVectors { get; init; }
}

/// <summary>How memories are imported.</summary>
public sealed class ImportOptions : CallOptions
{
    /// <summary>Puts each memory where the file says it was, in place of <see cref="CallOptions.Collection"/> or the default one. Default: no.</summary>
    public bool KeepCollections { get; init; }

    /// <summary>What becomes of a memory whose id is taken by another content. Default: what is in the store stays.</summary>
    public ImportConflict OnConflict { get; init; }
}

/// <summary>What becomes of a memory whose id is taken by another content.</summary>
public enum ImportConflict
{
    /// <summary>What is in the store stays.</summary>
    Keep,

    /// <summary>What is imported takes its place.</summary>
    Replace,

    /// <summary>Whichever was changed later stays.</summary>
    Newer,
}
