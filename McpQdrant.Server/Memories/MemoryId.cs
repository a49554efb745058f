using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace McpQdrant.Server.Memories;

/// <summary>Names a memory: a UUID, or an unsigned 64-bit number in collections that others wrote.</summary>
/// <remarks>
/// Ids made here are UUID version 5 (RFC 9562, section 5.5) over the text and the metadata in canonical JSON, so that storing the
/// same thing twice is storing it once. The order is Qdrant's: numbers first, then UUIDs by their bytes.
/// </remarks>
internal readonly record struct MemoryId : IComparable<MemoryId>
{
    private static readonly Guid Namespace = new("6f1d2c0e-7a35-5f0b-9c44-0b9f3f1f6a51");

    private readonly UInt128 _value;

    private MemoryId(UInt128 value, bool isNumber) => (_value, IsNumber) = (value, isNumber);

    public MemoryId(ulong number) : this(number, isNumber: true)
    {
    }

    public MemoryId(Guid uuid) : this(BytesOf(uuid), isNumber: false)
    {
    }

    public bool IsNumber { get; }

    /// <summary>The number, where <see cref="IsNumber"/>.</summary>
    public ulong Number => (ulong)_value;

    /// <summary>The UUID, where not <see cref="IsNumber"/>.</summary>
    public Guid Uuid
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
            return new Guid(bytes, bigEndian: true);
        }
    }

    /// <summary>The id of a memory with this text and metadata.</summary>
    public static MemoryId Of(string text, JsonElement? metadata) =>
        new(Uuid5.Create(Namespace, $"{(metadata is { } object_ ? CanonicalJson.Of(object_) : "null")}\n{text}"));

    /// <summary>Reads what Qdrant reads: digits, or a UUID with or without dashes, in braces, or after <c>urn:uuid:</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MemoryId id)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            id = new MemoryId(number);
            return true;
        }

        var bare = text is not null && text.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) ? text[9..] : text;
        if (Guid.TryParseExact(bare, "D", out var uuid) || Guid.TryParseExact(bare, "N", out uuid) || Guid.TryParseExact(bare, "B", out uuid))
        {
            id = new MemoryId(uuid);
            return true;
        }

        id = default;
        return false;
    }

    public int CompareTo(MemoryId other) =>
        IsNumber != other.IsNumber ? (IsNumber ? -1 : 1) : _value.CompareTo(other._value);

    public override string ToString() => IsNumber ? Number.ToString(CultureInfo.InvariantCulture) : Uuid.ToString("D");

    private static UInt128 BytesOf(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
