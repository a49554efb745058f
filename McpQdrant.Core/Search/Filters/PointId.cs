using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace McpQdrant.Core.Search.Filters;

/// <summary>What Qdrant calls a point by: an unsigned 64-bit number or a UUID.</summary>
/// <remarks>The order is Qdrant's: numbers first, then UUIDs by their bytes.</remarks>
public readonly record struct PointId : IComparable<PointId>
{
    private static readonly SearchValues<char> UuidCharacters = SearchValues.Create("0123456789abcdefABCDEF-{}");

    private readonly UInt128 _value;

    public PointId(ulong number) => (_value, IsNumber) = (number, true);

    public PointId(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
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
            BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
            return new Guid(bytes, bigEndian: true);
        }
    }

    /// <summary>Reads digits, or a UUID as <see cref="TryParseUuid"/> does.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PointId id)
    {
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return TryParseUuid(text, out id);

        id = new PointId(number);
        return true;
    }

    /// <summary>Reads the spellings that Qdrant reads: with or without dashes, in braces, or after <c>urn:uuid:</c>.</summary>
    public static bool TryParseUuid([NotNullWhen(true)] string? text, out PointId id)
    {
        id = default;
        var bare = text.AsSpan();
        if (bare.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase))
            bare = bare[9..];

        // Guid's own parser also takes blanks and signs.
        if (bare.ContainsAnyExcept(UuidCharacters)
            || !(Guid.TryParseExact(bare, "D", out var uuid) || Guid.TryParseExact(bare, "N", out uuid) || Guid.TryParseExact(bare, "B", out uuid)))
            return false;

        id = new PointId(uuid);
        return true;
    }

    public int CompareTo(PointId other) =>
        IsNumber != other.IsNumber ? (IsNumber ? -1 : 1) : _value.CompareTo(other._value);

    public override string ToString() => IsNumber ? Number.ToString(CultureInfo.InvariantCulture) : Uuid.ToString("D");
}
