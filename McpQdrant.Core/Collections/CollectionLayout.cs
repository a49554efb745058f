using McpQdrant.Core.Access;

namespace McpQdrant.Core.Collections;

/// <summary>How this server uses a collection: decided once from its <see cref="CollectionInfo"/>, handed to every call of the store.</summary>
public sealed record CollectionLayout
{
    public required CollectionName Name { get; init; }

    /// <summary>The dense vector that is searched and written; empty for the unnamed one.</summary>
    public required string VectorName { get; init; }

    public required int VectorSize { get; init; }

    public required Distance Distance { get; init; }

    /// <summary>The payload field that holds the text of new memories.</summary>
    public string TextField { get; init; } = DefaultTextField;

    /// <summary>The payload field that holds the metadata; null where metadata lies flat in the payload.</summary>
    public string? MetadataField { get; init; } = DefaultMetadataField;

    /// <summary>The multivector that holds the passages of long texts; null where the collection has none.</summary>
    public string? PassageVectorName { get; init; }

    /// <summary>How texts are turned into words; null where the collection has no <c>bm25</c> vector.</summary>
    public Bm25Options? Keywords { get; init; }

    /// <summary>Whether memories may expire in it.</summary>
    public bool Expires { get; init; }

    /// <summary>Which of its memories the call may meet.</summary>
    public MemoryScope Scope { get; init; } = MemoryScope.Everything;

    public const string DefaultTextField = "document";
    public const string DefaultMetadataField = "metadata";
    public const string StoredAtField = "stored_at";

    /// <summary>The payload field that holds when a changed memory was first stored.</summary>
    public const string FirstStoredAtField = "first_stored_at";

    /// <summary>The payload field that holds when a memory expires.</summary>
    public const string ExpiresAtField = "memory_expires_at";

    /// <summary>The payload field that holds who stored a memory, or changed it last.</summary>
    public const string ByField = "memory_by";

    /// <summary>The payload field that holds <see cref="Memories.Memory.RevisionNumber"/> of a changed memory.</summary>
    public const string RevisionNumberField = "memory_revision_number";

    /// <summary>The payload field that holds a memory's revision, see <see cref="Memories.MemoryRevision"/>.</summary>
    public const string RevisionField = "memory_revision";
    public const string KeywordVectorName = "bm25";

    /// <summary>Whether a field beside text and metadata is one that this server writes.</summary>
    public static bool IsOwnField(string field) => field is StoredAtField or FirstStoredAtField or ExpiresAtField or ByField or RevisionNumberField or RevisionField;
}
