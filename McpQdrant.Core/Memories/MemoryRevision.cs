using System.Security.Cryptography;
using System.Text;
using McpQdrant.Core.Json;

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
