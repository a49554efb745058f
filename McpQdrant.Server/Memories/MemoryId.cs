using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using McpQdrant.Server.Filters;

namespace McpQdrant.Server.Memories;

/// <summary>Names a memory: a UUID, or an unsigned 64-bit number in collections that others wrote.</summary>
/// <remarks>
/// Ids made here are UUID version 5 (RFC 9562, section 5.5) over the text and the metadata in canonical JSON, so that storing the
/// same thing twice is storing it once. A correction keeps the id of what it corrects; where that content is stored anew, it gets the
/// next id that is its own, so that it doesn't undo the correction.
/// </remarks>
internal readonly record struct MemoryId(PointId Point) : IComparable<MemoryId>
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
    /// <param name="turn">0 for the first such id; higher where corrected memories have those before.</param>
    public static MemoryId Of(string text, JsonElement? metadata, int turn = 0) =>
        new(Uuid5.Create(Namespace, $"{(turn == 0 ? "" : $"{turn}\n")}{(metadata is { } value ? CanonicalJson.Of(value) : "null")}\n{text}"));

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
