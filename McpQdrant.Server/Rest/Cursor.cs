using System.Buffers.Text;
using System.Globalization;
using System.Text;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Server.Rest;

/// <summary>Where a list goes on, as a text that means something to this server only.</summary>
/// <remarks>It is a position in the order of the list and no number of entries: what is stored or deleted meanwhile moves nothing.</remarks>
internal static class Cursor
{
    private const string NoTime = "-";

    public static string? Of(ListPosition? position) => position is { } next
        ? Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{next.FirstStoredAt?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? NoTime} {next.Id}"))
        : null;

    /// <returns>Null where there is none.</returns>
    /// <exception cref="MemoryException">No answer gave it.</exception>
    public static ListPosition? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        if (Base64Url.IsValid(cursor)
            && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ') is [var time, var id]
            && MemoryId.TryParse(id, out var parsed) && TryReadTime(time, out var firstStoredAt))
            return new ListPosition(firstStoredAt, parsed);
        throw new MemoryException("The cursor is none that an answer gave. Take 'nextCursor' as it was, or leave it out for the first page.");
    }

    private static bool TryReadTime(string text, out DateTimeOffset? time)
    {
        time = null;
        if (text == NoTime)
            return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }
}
