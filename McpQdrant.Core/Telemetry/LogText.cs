using System.Globalization;
using System.Text;

namespace McpQdrant.Core.Telemetry;

/// <summary>Texts of others in log lines.</summary>
public static class LogText
{
    private const int MaxLength = 300;

    /// <summary>
    /// The text as it may stand in a log: without control signs, with which it could pass for another line, and quoted if it has
    /// blanks, with which it could pass for several values.
    /// </summary>
    public static string Of(string text)
    {
        if (text.Length <= MaxLength && !text.Any(character => character is '"' or '\\' || char.IsWhiteSpace(character) || IsUnsafe(character)))
            return text;

        var safe = new StringBuilder("\"");
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            if (character is '"' or '\\')
                safe.Append('\\');
            Append(safe, character);
        }
        return safe.Append(text.Length > MaxLength ? "…\"" : "\"").ToString();
    }

    /// <summary>The text without control signs, whole and for the rest as it is.</summary>
    public static string OnOneLine(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;

        var safe = new StringBuilder();
        foreach (var character in text)
            Append(safe, character);
        return safe.ToString();
    }

    private static void Append(StringBuilder safe, char character)
    {
        if (IsUnsafe(character))
            safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        else
            safe.Append(character);
    }

    /// <summary>Whether it breaks lines, moves the cursor, or turns the direction of writing.</summary>
    private static bool IsUnsafe(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
