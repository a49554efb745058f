using System.Text.RegularExpressions;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Install;

/// <summary>Sets or removes one table of a TOML file. All other lines stay as they are.</summary>
internal sealed partial class TomlEntryEdit
{
    private readonly List<string> _lines;
    private readonly string _newLine;
    private readonly string _container;
    private readonly string _name;

    /// <param name="container">The table that holds the entries.</param>
    public TomlEntryEdit(string text, string container, string name)
    {
        (_container, _name) = (container, name);
        _newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        _lines = text.Length == 0 ? [] : [.. text.Split('\n')];
    }

    /// <summary>The header of the entry's table.</summary>
    public string Header => $"[{_container}.{_name}]";

    /// <param name="entry">Makes the table, with its header, of the line ends.</param>
    /// <exception cref="MemoryException">The file can't be read, or has the entry in another form.</exception>
    public string Set(Func<string, string> entry)
    {
        var blocks = Find();
        var added = entry(_newLine).Split('\n')[..^1];
        if (blocks is [var first, ..])
        {
            var at = first.Start;
            RemoveLines(blocks);
            _lines.InsertRange(at, added);
            return string.Join('\n', _lines);
        }

        while (_lines is [.., ""])
            _lines.RemoveAt(_lines.Count - 1);
        if (_lines.Count > 0)
        {
            if (_newLine == "\r\n" && !_lines[^1].EndsWith('\r'))
                _lines[^1] += "\r";
            _lines.Add(_newLine[..^1]);
        }
        _lines.AddRange(added);
        return string.Join('\n', _lines) + "\n";
    }

    /// <returns>The text without the entry; null where it has none.</returns>
    /// <inheritdoc cref="Set"/>
    public string? Remove()
    {
        var blocks = Find();
        if (blocks.Count == 0)
            return null;

        var isLast = blocks[^1].End >= _lines.Count - 1;
        RemoveLines(blocks);
        var at = blocks[0].Start;
        // The blank line that set it apart.
        if (at > 0 && _lines[at - 1].Trim().Length == 0 && (isLast || at < _lines.Count && _lines[at].Trim().Length == 0))
            _lines.RemoveAt(at - 1);
        return string.Join('\n', _lines);
    }

    private void RemoveLines(IReadOnlyList<Block> blocks)
    {
        foreach (var block in blocks.Reverse())
            _lines.RemoveRange(block.Start, block.End - block.Start);
    }

    /// <summary>The tables of the entry: its own and those below it. Comments and blank lines before the next table are the next table's.</summary>
    private List<Block> Find()
    {
        var blocks = new List<Block>();
        var table = new List<string>();
        int? start = null;
        foreach (var (at, line) in Statements())
        {
            if (line.StartsWith('['))
            {
                Close(at);
                table = HeaderOf(line) ?? throw Broken(at);
                if (table.Count >= 2 && table[0] == _container && table[1] == _name)
                    start = at;
            }
            else
            {
                var keys = KeysOf(line) ?? throw Broken(at);
                List<string> path = [.. table, .. keys];
                if (start is null && path[0] == _container && (path.Count == 1 || path[1] == _name))
                    throw new MemoryException($"It has '{_container}' in line {at + 1} in a form that this program doesn't change. Write {Header} as a table of its own, then try again.");
            }
        }
        Close(_lines.Count);
        return blocks;

        void Close(int next)
        {
            if (start is not { } begin)
                return;
            var end = next;
            while (end > begin + 1 && _lines[end - 1].Trim() is "" or ['#', ..])
                end--;
            blocks.Add(new Block(begin, end));
            start = null;
        }
    }

    /// <summary>The lines on which something begins: not comments, and not the further lines of a text or an array.</summary>
    private IEnumerable<(int At, string Line)> Statements()
    {
        var (quote, brackets) = ((string?)null, 0);
        for (var at = 0; at < _lines.Count; at++)
        {
            var line = _lines[at].Trim();
            var isFirst = quote is null && brackets == 0;
            if (isFirst && (line.Length == 0 || line[0] == '#'))
                continue;
            if (isFirst)
                yield return (at, line);
            if (isFirst && line[0] == '[')
                continue;
            foreach (Match token in Tokens().Matches(line))
            {
                if (quote is not null)
                    quote = token.Value == quote ? null : quote;
                else if (token.Value is "\"\"\"" or "'''")
                    quote = token.Value;
                else if (token.Value[0] == '#')
                    break;
                else
                    brackets += token.Value is "[" or "{" ? 1 : token.Value is "]" or "}" ? -1 : 0;
            }
        }
        if (quote is not null || brackets != 0)
            throw Broken(_lines.Count - 1);
    }

    private static List<string>? HeaderOf(string line) =>
        HeaderLine().Match(line) is { Success: true } header ? [.. header.Groups["key"].Captures.Select(Unquoted)] : null;

    private static List<string>? KeysOf(string line) =>
        Assignment().Match(line) is { Success: true } assignment ? [.. assignment.Groups["key"].Captures.Select(Unquoted)] : null;

    private static string Unquoted(Capture key) => key.Value.Trim('"', '\'');

    private static MemoryException Broken(int at) => new($"It is no valid TOML (line {at + 1}), so nothing was changed. Mend it, then try again.");

    private const string Key = """(?<key>[A-Za-z0-9_-]+|"[^"]*"|'[^']*')""";

    [GeneratedRegex($$"""^\[{1,2}\s*{{Key}}(?:\s*\.\s*{{Key}})*\s*\]{1,2}\s*(?:#.*)?$""")]
    private static partial Regex HeaderLine();

    [GeneratedRegex($$"""^{{Key}}(?:\s*\.\s*{{Key}})*\s*=\s*\S""")]
    private static partial Regex Assignment();

    /// <summary>What opens and closes; texts on one line are one token, so that what is in them doesn't count.</summary>
    [GeneratedRegex("\"\"\"|'''|\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|#|[\\[\\]{}]")]
    private static partial Regex Tokens();

    /// <param name="End">The line behind it.</param>
    private readonly record struct Block(int Start, int End);
}
