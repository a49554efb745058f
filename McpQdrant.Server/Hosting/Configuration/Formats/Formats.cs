using System.Globalization;
using System.Text.Json;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>The ways in which values are written.</summary>
internal static class Formats
{
    /// <summary>Text as it is; blanks at its ends belong to it.</summary>
    public static SettingFormat<string> Text { get; } = new("a text", text => text);

    /// <summary>A name or an expression; blanks around it don't count.</summary>
    public static SettingFormat<string> Name { get; } = new("a name on one line", text =>
        text.Any(char.IsControl) ? throw new SettingException() : text.Trim());

    /// <summary>A key that travels in an HTTP header.</summary>
    public static SettingFormat<string> Key { get; } = new("a key of visible ASCII characters", text =>
        text.Trim() is var key && key.All(character => character is > ' ' and <= '~') ? key : throw new SettingException());

    public static SettingFormat<bool> Boolean { get; } = new("true or false (also yes, no, on, off, 1, 0)", Choice(
        ("true", true), ("false", false), ("yes", true), ("no", false), ("on", true), ("off", false), ("1", true), ("0", false)).ReadTyped);

    public static SettingFormat<string> CollectionName { get; } = new("a name that Qdrant takes, of 1 to 255 bytes", text =>
        CollectionNameRule.Refusal(text.Trim()) is { } reason ? throw new SettingException(reason) : text.Trim());

    public static SettingFormat<int> Integer(int min, int max) => new($"a whole number from {min} to {max}", text =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new SettingException());

    public static SettingFormat<double> Number(double min, double max) => new(FormattableString.Invariant($"a number from {min} to {max}"), text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new SettingException());

    /// <summary>One of some words, in any case.</summary>
    public static SettingFormat<T> Choice<T>(params (string Word, T Value)[] choices)
        where T : struct
    {
        var words = new string[choices.Length];
        var values = new object[choices.Length];
        for (var choice = 0; choice < choices.Length; choice++)
            (words[choice], values[choice]) = (choices[choice].Word, choices[choice].Value);

        return new(new SettingFormat(
            $"{string.Join(", ", words, 0, words.Length - 1)} or {words[^1]}", text => Find(words, values, text.AsSpan().Trim())));
    }

    /// <summary>Values with commas between them, or a JSON array of strings, which a settings file may hold.</summary>
    public static SettingFormat<IReadOnlyList<T>> List<T>(string allowed, SettingFormat<T> item) => new(allowed, text =>
    {
        var values = new List<T>();
        foreach (var part in Split(text))
            if (part.Length > 0)
                values.Add(ReadItem(item, part));

        return values;
    });

    private static object Find(string[] words, object[] values, ReadOnlySpan<char> text)
    {
        for (var word = 0; word < words.Length; word++)
            if (text.Equals(words[word], StringComparison.OrdinalIgnoreCase))
                return values[word];

        throw new SettingException();
    }

    private static T ReadItem<T>(SettingFormat<T> item, string part)
    {
        try
        {
            return item.ReadTyped(part);
        }
        catch (SettingException refusal) when (!refusal.HasReason)
        {
            throw new SettingException($"{SettingText.Quote(part)} must be {item.Allowed}.");
        }
    }

    private static string[] Split(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith('['))
            return text.Split(',', StringSplitOptions.TrimEntries);

        try
        {
            return [.. JsonElement.Parse(text).EnumerateArray().Select(item => (item.GetString() ?? "").Trim())];
        }
        catch (Exception invalid) when (invalid is JsonException or InvalidOperationException)
        {
            throw new SettingException();
        }
    }
}
