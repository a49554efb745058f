using System.Text;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Values in messages: on one line, not too long, without passwords.</summary>
internal static class SettingText
{
    private const int MaxLength = 120;

    public static string Quote(string text) => $"'{OneLine(text, MaxLength)}'";

    /// <summary>The text without line breaks and control characters, and without the password of an address.</summary>
    public static string OneLine(string text, int maxLength)
    {
        var line = new StringBuilder();
        foreach (var character in WithoutPassword(text))
        {
            if (line.Length >= maxLength)
                return line.Append('…').ToString();

            line.Append(character switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => char.IsControl(character) ? "?" : character.ToString() });
        }

        return line.ToString();
    }

    private static string WithoutPassword(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = start < 3 ? -1 : text.IndexOf('@', start);
        return end < 0 ? text : $"{text[..start]}***{text[end..]}";
    }
}
