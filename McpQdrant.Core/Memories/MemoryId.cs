using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>Names a memory: a UUID, or an unsigned 64-bit number in collections that others wrote.</summary>
/// <remarks>
/// Ids made here are UUID version 5 (RFC 9562, section 5.5) over the text and the metadata in canonical JSON, so that storing the
/// same thing twice is storing it once. A correction keeps the id of what it corrects; where that content is stored anew, it gets the
/// next id that is its own, so that it doesn't undo the correction.
/// </remarks>
public readonly record struct MemoryId(PointId Point) : IComparable<MemoryId>
{
    private static readonly Guid Namespace = new("6f1d2c0e-7a35-5f0b-9c44-0b9f3f1f6a51");

    public MemoryId(ulong number) : this(new PointId(number))
    {
    }

    public MemoryId(Guid uuid) : this(new PointId(uuid))
    {
    }

    public bool IsNumber => Point.IsNumber;

    /// <inheritdoc cref="PointId.Number"/>
    public ulong Number => Point.Number;

    /// <inheritdoc cref="PointId.Uuid"/>
    public Guid Uuid => Point.Uuid;

    /// <summary>The id of a memory with this text and metadata.</summary>
    /// <param name="attempt">0 for the first such id; higher where corrected memories have those before.</param>
    public static MemoryId Of(string text, JsonElement? metadata, int attempt = 0) =>
        new(Uuid5.Create(Namespace, $"{(attempt == 0 ? "" : $"{attempt}\n")}{(metadata is { } value ? CanonicalJson.Of(value) : "null")}\n{text}"));

    /// <summary>The id that stands for a name, always the same.</summary>
    /// <param name="space">Keeps apart the names of different kinds.</param>
    public static MemoryId OfName(Guid space, string name) => new(Uuid5.Create(space, name));

    /// <inheritdoc cref="PointId.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out MemoryId id)
    {
        var isId = PointId.TryParse(text, out var point);
        id = new MemoryId(point);
        return isId;
    }

    public int CompareTo(MemoryId other) => Point.CompareTo(other.Point);

    public override string ToString() => Point.ToString();
}

/// <summary>UUIDs made from names: version 5, RFC 9562, section 5.5.</summary>
internal static class Uuid5
{
    public static Guid Create(Guid space, string name)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var input = new byte[16 + nameBytes.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        nameBytes.CopyTo(input, 16);

#pragma warning disable CA5350 // SHA-1 is what version 5 is defined by; nothing secret depends on it.
        var hash = SHA1.HashData(input).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
