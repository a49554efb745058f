using System.Security.Cryptography;
using System.Text;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Memories;

/// <summary>Names a state of a memory: a memory that is read twice with the same revision was not changed in between.</summary>
/// <remarks>
/// The store gives a memory a new revision whenever it writes it, and never the same one twice. A memory that another program wrote has
/// none; what was read of it stands for it, see <see cref="OfContent"/>.
/// </remarks>
/// <param name="Value">Means something to the store that gave it only.</param>
public readonly record struct MemoryRevision(string Value)
{
    private const string ContentPrefix = "content-";

    /// <summary>Whether it stands for a memory that has no revision of its own.</summary>
    public bool IsOfContent => Value.StartsWith(ContentPrefix, StringComparison.Ordinal);

    /// <summary>The revision of a memory that has none of its own: a hash of its text, its metadata and its time.</summary>
    public static MemoryRevision OfContent(Memory memory)
    {
        var time = memory.StoredAt is { } storedAt ? Rfc3339.Write(storedAt) : "";
        var metadata = memory.Metadata is { } value ? CanonicalJson.Of(value) : "";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{time}\n{metadata}\n{memory.Text}"));
        return new MemoryRevision($"{ContentPrefix}{Convert.ToHexStringLower(hash)}");
    }

    public override string ToString() => Value;
}

/// <summary>Refuses a change of a memory that is no longer as the caller knows it.</summary>
internal static class RevisionCheck
{
    /// <param name="isExpected">Null for any state.</param>
    /// <exception cref="RevisionConflictException">It is in another state.</exception>
    public static void Require(Func<MemoryRevision, bool>? isExpected, Memory memory, CollectionName collection)
    {
        if (isExpected?.Invoke(memory.Revision) == false)
            throw new RevisionConflictException($"Memory {memory.Id} of '{collection}' was changed since it was read{(memory.By is { } by ? $", the last time by {LogText.Of(by)}" : "")}. Nothing was changed; read it again.");
    }
}
