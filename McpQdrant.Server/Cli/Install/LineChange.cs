using System.Text;

namespace McpQdrant.Server.Cli.Install;

/// <summary>Shows the lines in which two texts differ, as <c>diff</c> does: a change in one place.</summary>
internal static class LineChange
{
    public static string Between(string old, string changed)
    {
        var (before, after) = (old.Split('\n'), changed.Split('\n'));
        var start = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var most = Math.Min(before.Length, after.Length) - start;
        var end = Enumerable.Reverse(before).Zip(Enumerable.Reverse(after)).Take(most).TakeWhile(pair => pair.First == pair.Second).Count();

        var text = new StringBuilder();
        foreach (var line in before[start..^end])
            text.Append("- ").Append(line.TrimEnd('\r')).Append('\n');
        foreach (var line in after[start..^end])
            text.Append("+ ").Append(line.TrimEnd('\r')).Append('\n');
        return text.ToString();
    }
}
