namespace McpQdrant.Server.Cli.Output;

/// <summary>Rows under headings. The last column takes what room is left.</summary>
internal sealed class Table(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(cell => CellText.Printable(cell))]);

    public void Write(TextWriter output)
    {
        var terminal = Terminal.Of(output);
        var widths = headings.Select((heading, column) => _rows.Select(row => CellText.Width(row[column])).Append(CellText.Width(heading)).Max()).ToArray();
        output.WriteLine(terminal.Faint(Line(headings, widths, terminal.Width)));
        foreach (var row in _rows)
            output.WriteLine(Line(row, widths, terminal.Width));
    }

    private static string Line(string[] cells, int[] widths, int room) =>
        CellText.Fit(string.Join(Gap, cells.Select((cell, column) => column == cells.Length - 1 ? cell : CellText.Pad(cell, widths[column]))), room).TrimEnd();
}
