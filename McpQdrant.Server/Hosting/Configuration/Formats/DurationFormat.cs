using System.Globalization;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Durations: a number and its unit, for instance <c>30s</c>, <c>15m</c>, <c>12h</c>, <c>30d</c>, <c>1.5h</c>.</summary>
/// <remarks>A number alone is refused, since the one who wrote it may mean another unit than the one who reads it.</remarks>
internal static class DurationFormat
{
    /// <param name="min">The shortest, as it would be written.</param>
    /// <param name="max">The longest, as it would be written.</param>
    public static SettingFormat<TimeSpan> Between(string min, string max)
    {
        var (shortest, longest) = (Parse(min)!.Value, Parse(max)!.Value);

        return new($"a duration from {min} to {max}, such as 30s, 15m, 12h or 30d", text =>
            Parse(text) is { } duration && duration >= shortest && duration <= longest ? duration : throw new SettingException());
    }

    /// <summary>A duration, or <c>off</c>, which is read as zero.</summary>
    public static SettingFormat<TimeSpan> OffOrBetween(string min, string max)
    {
        var duration = Between(min, max);
        return new($"off, or {duration.Allowed}", text => text.Trim().Equals("off", StringComparison.OrdinalIgnoreCase) ? TimeSpan.Zero : duration.ReadTyped(text));
    }

    private static TimeSpan? Parse(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty || UnitSeconds(trimmed[^1]) is not { } seconds)
            return null;

        return double.TryParse(trimmed[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds < TimeSpan.MaxValue.TotalSeconds
                ? TimeSpan.FromSeconds(number * seconds)
                : null;
    }

    private static double? UnitSeconds(char unit) => char.ToLowerInvariant(unit) switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        _ => null,
    };
}
