using System.Globalization;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Search;

/// <summary>A time as a caller writes it: RFC 3339, a date, or an age such as <c>7d</c>.</summary>
internal static class AskedTime
{
    private const int MaxShown = 60;

    private static readonly string[] Formats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK"];

    /// <param name="name">What the caller calls it, for the sentence.</param>
    /// <param name="isEnd">Whether a date alone means its last moment.</param>
    /// <exception cref="MemoryException">It is no time.</exception>
    public static DateTimeOffset Read(string name, string text, DateTimeOffset now, bool isEnd) =>
        (ReadSpan(text.Trim()) is { } seconds ? Before(now, seconds) : (DateTimeOffset?)null) ?? ReadDate(text.Trim(), isEnd) ?? ReadTime(text.Trim()) ?? throw new MemoryException(
            $"'{name}' is '{Shown(text)}', which is no time. Give one such as 2026-01-31T09:00:00Z, a date such as 2026-01-31, or an age such as 7d or 2h.");

    /// <summary>A time to come: as above, where a span such as <c>30d</c> counts from now on, and a date means its last moment.</summary>
    /// <inheritdoc cref="Read"/>
    public static DateTimeOffset ReadAhead(string name, string text, DateTimeOffset now) =>
        (ReadSpan(text.Trim()) is { } seconds ? After(now, seconds) : (DateTimeOffset?)null) ?? ReadDate(text.Trim(), isEnd: true) ?? ReadTime(text.Trim()) ?? throw new MemoryException(
            $"'{name}' is '{Shown(text)}', which is no time. Give one such as 2026-01-31T09:00:00Z, a date such as 2026-01-31, or how long from now on, such as 30d or 12h.");

    /// <summary>What a caller wrote, as far as it helps to find it again.</summary>
    public static string Shown(string text) => text.Length <= MaxShown ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown)}…";

    /// <returns>Seconds.</returns>
    private static double? ReadSpan(string text) =>
        text.Length >= 2 && UnitSeconds(text[^1]) is { } seconds
        && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * seconds
            : null;

    // A span beyond the calendar means all there is.
    private static DateTimeOffset Before(DateTimeOffset now, double seconds) =>
        seconds < (now - DateTimeOffset.MinValue).TotalSeconds ? now - TimeSpan.FromSeconds(seconds) : DateTimeOffset.MinValue;

    private static DateTimeOffset After(DateTimeOffset now, double seconds) =>
        seconds < (DateTimeOffset.MaxValue - now).TotalSeconds ? now + TimeSpan.FromSeconds(seconds) : DateTimeOffset.MaxValue;

    private static DateTimeOffset? ReadDate(string text, bool isEnd) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new DateTimeOffset(date.ToDateTime(isEnd ? TimeOnly.MaxValue : TimeOnly.MinValue), TimeSpan.Zero)
            : null;

    private static DateTimeOffset? ReadTime(string text) =>
        DateTimeOffset.TryParseExact(text.ToUpperInvariant(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;

    private static double? UnitSeconds(char unit) => char.ToLowerInvariant(unit) switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => null,
    };
}
