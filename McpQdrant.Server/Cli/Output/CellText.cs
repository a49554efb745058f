using System.Globalization;
using System.Text;

namespace McpQdrant.Server.Cli.Output;

/// <summary>Texts by the columns that they take on a terminal, without what would steer the terminal.</summary>
internal static class CellText
{
    /// <summary>Scripts and symbols of two columns a character: East Asian wide and full-width ones, and emoji (Unicode's EastAsianWidth, W and F).</summary>
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>Makes every control character visible: a memory must not colour, move or rename the terminal of whoever reads it.</summary>
    /// <param name="keepsLines">Whether line feeds stay.</param>
    public static string Printable(string text, bool keepsLines = false)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value == '\n')
                printable.Append(keepsLines ? '\n' : ' ');
            else if (rune.Value == '\t')
                printable.Append(' ');
            else if (rune.Value < 0x20)
                printable.Append((char)(0x2400 + rune.Value));   // the control pictures
            else if (Rune.IsControl(rune) || IsDirection(rune.Value))
                printable.Append('\uFFFD');
            else
                printable.Append(rune);
        }
        return printable.ToString();
    }

    /// <summary>The beginning of a text that fits into so many columns, with an ellipsis where it is cut.</summary>
    public static string Fit(string text, int width)
    {
        if (Width(text) <= width)
            return text;

        var (kept, used) = (new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((used += Width(rune)) > width - 1)
                break;
            kept.Append(rune);
        }
        return $"{kept}…";
    }

    public static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    /// <summary>Lines of no more columns than these, broken between words where that is possible.</summary>
    public static IEnumerable<string> Wrap(string text, int width) => text.Split('\n').SelectMany(line => WrapLine(line.TrimEnd(), width));

    private static IEnumerable<string> WrapLine(string line, int width)
    {
        var (current, used, lastBlank) = (new StringBuilder(), 0, -1);
        foreach (var rune in line.EnumerateRunes())
        {
            if (used + Width(rune) > width)
            {
                var end = rune.Value == ' ' ? current.Length : lastBlank > 0 ? lastBlank : current.Length;
                yield return current.ToString(0, end).TrimEnd();
                current.Remove(0, end);
                while (current.Length > 0 && current[0] == ' ')
                    current.Remove(0, 1);
                (used, lastBlank) = (Width(current.ToString()), -1);
                if (rune.Value == ' ' && current.Length == 0)
                    continue;
            }
            if (rune.Value == ' ')
                lastBlank = current.Length;
            current.Append(rune);
            used += Width(rune);
        }
        yield return current.ToString();
    }

    private static int Width(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        return Array.Exists(Wide, range => rune.Value >= range.First && rune.Value <= range.Last) ? 2 : 1;
    }

    /// <summary>Marks that turn the direction of what follows, by which a text can look like another.</summary>
    private static bool IsDirection(int value) => value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069;
}
