namespace McpQdrant.Server.Cli.Formats.Markdown;

/// <summary>Cuts Markdown where it has headings (<c>#</c> to <c>######</c>), but for those within blocks of code.</summary>
internal static class Headings
{
    /// <summary>What stands below each heading, with the headings above it; headings with nothing below them are left out.</summary>
    public static IEnumerable<MarkdownSection> Split(string markdown)
    {
        var path = new List<(int Level, string Text)>();
        var lines = new List<string>();
        var begin = 1;
        string? fence = null;
        var number = 0;
        foreach (var line in markdown.Split('\n'))
        {
            number++;
            var trimmed = line.TrimStart();
            if (fence is not null)
                fence = trimmed.StartsWith(fence, StringComparison.Ordinal) && trimmed.Trim(fence[0], ' ').Length == 0 ? null : fence;
            else if (trimmed.StartsWith("```", StringComparison.Ordinal) || trimmed.StartsWith("~~~", StringComparison.Ordinal))
                fence = new string(trimmed[0], trimmed.Length - trimmed.TrimStart(trimmed[0]).Length);
            else if (LevelOf(line) is var level and > 0)
            {
                if (Section(path, lines, begin) is { } section)
                    yield return section;
                path.RemoveAll(heading => heading.Level >= level);
                path.Add((level, line[level..].Trim().TrimEnd('#').TrimEnd()));
                lines.Clear();
                begin = number;
                continue;
            }
            lines.Add(line);
        }
        if (Section(path, lines, begin) is { } last)
            yield return last;
    }

    private static MarkdownSection? Section(List<(int Level, string Text)> path, List<string> lines, int line)
    {
        var text = string.Join('\n', lines).Trim();
        return text.Length == 0 ? null : new MarkdownSection(path.Count == 0 ? null : string.Join(" > ", path.Select(heading => heading.Text)), text, line);
    }

    /// <returns>0 for what is no heading; <c>#tag</c> is none.</returns>
    private static int LevelOf(string line)
    {
        var level = line.Length - line.TrimStart('#').Length;
        return level is > 0 and <= 6 && (line.Length == level || line[level] is ' ' or '\t') ? level : 0;
    }
}

/// <param name="Heading">With those above it; null for what stands before the first.</param>
/// <param name="Text">What stands below it, without blank lines around.</param>
/// <param name="Line">Of the heading, within the text below the front matter.</param>
internal sealed record MarkdownSection(string? Heading, string Text, int Line);
