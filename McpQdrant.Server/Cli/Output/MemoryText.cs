using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;

namespace McpQdrant.Server.Cli.Output;

/// <summary>Memories as people read them: a line with id, time and metadata, and the text below it.</summary>
internal static class MemoryText
{
    private const string Indent = "  ";

    /// <summary>Lines of a text in a list of several.</summary>
    private const int ShownLines = 4;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, Memory memory, bool isWhole) =>
        Write(output, memory, measure: null, memory.Text, isWhole);

    /// <param name="collection">Where it is; null where the reader knows.</param>
    public static void Write(TextWriter output, SearchHit hit, CollectionName? collection) => Write(
        output,
        hit.Memory,
        string.Join("  ", new[] { collection?.ToString(), Measure(hit) }.OfType<string>()) is { Length: > 0 } measure ? measure : null,
        hit.Passage is { Start: > 0 } passage ? $"… {passage.Text}" : hit.Memory.Text,
        isWhole: false);

    private static string? Measure(SearchHit hit) => hit switch
    {
        { Similarity: { } similarity } => similarity.ToString("F2", CultureInfo.InvariantCulture),
        { KeywordRank: not null } => "words",
        _ => null,
    };

    private static void Write(TextWriter output, Memory memory, string? measure, string text, bool isWhole)
    {
        var terminal = Terminal.Of(output);
        var id = memory.Id.ToString();
        var rest = string.Join("  ", new[] { measure, Time(memory), memory.ExpiresAt is { } expires ? $"expires {Show(expires)}" : null, isWhole && memory.By is { } by ? $"by {CellText.Printable(by)}" : null, Metadata(memory.Metadata) }.OfType<string>());
        var room = terminal.Width - id.Length - 2;
        output.WriteLine(rest.Length == 0 ? terminal.Strong(id) : $"{terminal.Strong(id)}  {terminal.Faint(isWhole ? rest : CellText.Fit(rest, room))}");

        var lines = CellText.Wrap(CellText.Printable(text, keepsLines: true), terminal.Width - Indent.Length);
        var shown = isWhole ? [.. lines] : lines.Where(line => line.Length > 0).Take(ShownLines + 1).ToList();
        if (!isWhole && shown.Count > ShownLines)
        {
            shown.RemoveAt(ShownLines);
            shown[^1] = CellText.Fit($"{shown[^1]} …", terminal.Width - Indent.Length);
        }
        foreach (var line in shown)
            output.WriteLine($"{Indent}{line}");
    }

    /// <summary>In the time zone of whoever reads it.</summary>
    public static string Show(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string? Time(Memory memory) => (memory.ChangedAt, memory.FirstStoredAt) switch
    {
        ({ } changed, _) => $"changed {Show(changed)}",
        (_, { } stored) => Show(stored),
        _ => null,
    };

    private static string? Metadata(JsonElement? metadata)
    {
        if (metadata is not { } value)
            return null;

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
            value.WriteTo(json);
        return CellText.Printable(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
