using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.History;

/// <summary>Names a change: a UUID of version 7, so that changes in the order of their ids are in the order of their times.</summary>
/// <remarks>One change may be of many memories, for instance a deletion by a filter.</remarks>
public readonly record struct ChangeId(Guid Value)
{
    public static bool TryParse([NotNullWhen(true)] string? text, out ChangeId id)
    {
        var isId = Guid.TryParse(text?.Trim(), out var value);
        id = new ChangeId(value);
        return isId;
    }

    public override string ToString() => Value.ToString();
}

/// <summary>Who changes memories, by what, and when. A store that is given one writes what was there before to the log of changes.</summary>
/// <param name="By">The caller's name.</param>
/// <param name="Operation">For instance <c>qdrant-update</c>.</param>
public sealed record ChangeOrigin(ChangeId Id, string By, string Operation, DateTimeOffset At);

/// <summary>A line of the log of changes: what one change did to one memory.</summary>
/// <param name="Before">The memory as it was before, without its vectors; null where there was none.</param>
/// <param name="After">The <see cref="ContentHash"/> of what it was afterwards; null where it was deleted.</param>
public sealed record Change(ChangeOrigin Origin, CollectionName Collection, MemoryId Memory, StoredMemoryContent? Before, string? After);

/// <summary>A memory with what other programs keep beside it.</summary>
/// <param name="Others">See <see cref="Ports.StoredMemory.Others"/>.</param>
public sealed record StoredMemoryContent(Memory Memory, JsonElement? Others = null);

/// <summary>Tells whether a memory holds what it held after a change, and for as long, however a store spells its numbers.</summary>
public static class ContentHash
{
    public static string Of(Memory memory)
    {
        var metadata = memory.Metadata is { } value ? CanonicalJson.Of(value) : "{}";
        var expires = memory.ExpiresAt is { } time ? $"{Rfc3339.Write(time)}\n" : "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{expires}{metadata}\n{memory.Text}")));
    }
}
