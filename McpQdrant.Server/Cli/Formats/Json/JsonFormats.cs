using System.Runtime.CompilerServices;
using System.Text.Json;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>Files of JSON: lines of objects, an array of objects, or an object with such an array. What the first object has tells whose it is.</summary>
internal static class JsonFormats
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <exception cref="MemoryException">It is no JSON, has no entries, or of a kind that nobody said how to read.</exception>
    public static async Task<ImportInput> RecogniseAsync(ImportSource source, ImportOptions options, CancellationToken cancellationToken)
    {
        var start = Begin(source);
        if (start is not ('{' or '['))
            throw new MemoryException(
                $"'{source.Name}' is in no format that import reads: it is neither JSON nor named .csv or .tsv. See docs/cli.md for the formats.");

        // An object a line, or one object that may stand on a single line too.
        var lines = start == '{' ? await ReadFirstLineAsync(source, cancellationToken) : null;
        if (lines is { } line && !HasArrayOfObjects(line))
        {
            if (IsOwn(line, options))
                return new ImportInput(ImportInput.OwnFormat, MemoryLineFile.ReadAsync(source, cancellationToken));

            var format = Find(line, source, options);
            return new ImportInput(format.Name, ReadLinesAsync(source, format, cancellationToken));
        }

        var ofItems = Find(await ReadFirstItemAsync(source, cancellationToken), source, options);
        return new ImportInput(ofItems.Name, ReadItemsAsync(source, ofItems, cancellationToken));
    }

    private static JsonFormat Find(JsonElement first, ImportSource source, ImportOptions options)
    {
        if (!options.Map.IsGiven && Known(options).FirstOrDefault(format => format.Fits(first)) is { } known)
            return known;
        options.Map.RequireText(first, source.Name);
        return new JsonFormat("JSON", _ => true, options.Map.Read);
    }

    private static IEnumerable<JsonFormat> Known(ImportOptions options) =>
    [
        new("ChatGPT's data export", ChatGptExport.Fits, (item, place) => ChatGptExport.Read(item).ToEntries(place, options.IsSplit)),
        new("Claude's data export", ClaudeExport.Fits, (item, place) => ClaudeExport.Read(item).ToEntries(place, options.IsSplit)),
        new("server-memory's knowledge graph", KnowledgeGraph.Fits, KnowledgeGraph.Read),
        new("mem0's memories", Mem0Memories.Fits, Mem0Memories.Read),
    ];

    /// <summary>Lines of this program, also without their header: a script may have written them.</summary>
    private static bool IsOwn(JsonElement line, ImportOptions options) =>
        line.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String && format.ValueEquals(MemoryFileHeader.Format)
        || !options.Map.IsGiven && line.TryGetProperty("text", out _);

    private static bool HasArrayOfObjects(JsonElement json) =>
        json.EnumerateObject().Any(member => member.Value.ValueKind == JsonValueKind.Array && member.Value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object));

    private static char? Begin(ImportSource source)
    {
        var start = source.ReadStart().AsSpan();
        if (start.StartsWith(System.Text.Encoding.UTF8.Preamble))
            start = start[System.Text.Encoding.UTF8.Preamble.Length..];
        var at = start.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? null : (char)start[at];
    }

    /// <summary>The first line that can be read: what the others are told by. Those before it are skipped when the entries are read, with the reason.</summary>
    /// <returns>Null where it is no object by itself.</returns>
    private static async Task<JsonElement?> ReadFirstLineAsync(ImportSource source, CancellationToken cancellationToken)
    {
        await foreach (var (line, _) in MemoryLineFile.ReadLinesAsync(source, cancellationToken))
        {
            if (line.IsTooLong)
                return null;
            if (line.IsBlank || !UnicodeJson.IsValidUnicode(new(line.Utf8)))
                continue;
            try
            {
                return JsonElement.Parse(line.Utf8.Span, Deep);
            }
            catch (JsonException)
            {
                return null;
            }
        }
        return null;
    }

    private static async Task<JsonElement> ReadFirstItemAsync(ImportSource source, CancellationToken cancellationToken)
    {
        await foreach (var item in JsonItems.ReadAsync(source, cancellationToken))
        {
            if (item is { Problem: { } problem, IsLast: true })
                throw new MemoryException($"'{source.Name}', line {item.Line}: {problem}.");
            if (item is { Problem: null, Value.ValueKind: JsonValueKind.Object })
                return item.Value;
        }
        throw new MemoryException($"'{source.Name}' has no entries, so there is nothing to import.");
    }

    private static async IAsyncEnumerable<ImportEntry> ReadItemsAsync(ImportSource source, JsonFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in JsonItems.ReadAsync(source, cancellationToken))
        {
            var place = $"line {item.Line}";
            foreach (var entry in item.Problem is { } problem ? [new ImportEntry.Unreadable(place, problem)] : Read(format, item.Value, place))
                yield return entry;
        }
    }

    private static async IAsyncEnumerable<ImportEntry> ReadLinesAsync(ImportSource source, JsonFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (line, number) in MemoryLineFile.ReadLinesAsync(source, cancellationToken))
        {
            if (!line.IsTooLong && line.IsBlank)
                continue;

            var place = $"line {number}";
            var problem = MemoryLines.Parse(line, out var json);
            foreach (var entry in problem is not null ? [new ImportEntry.Unreadable(place, problem)] : Read(format, json, place))
                yield return entry;
        }
    }

    private static IEnumerable<ImportEntry> Read(JsonFormat format, JsonElement item, string place)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return [new ImportEntry.Unreadable(place, "it is no JSON object")];
        try
        {
            return [.. format.Read(item, place)];
        }
        catch (FieldException wrong)
        {
            return [new ImportEntry.Unreadable(place, wrong.Message)];
        }
    }
}

/// <summary>A kind of JSON objects.</summary>
/// <param name="Name">For people.</param>
/// <param name="Fits">Whether an object is of this kind.</param>
/// <param name="Read">Makes memories of an object that stands at a place; throws <see cref="FieldException"/> where it can't.</param>
internal sealed record JsonFormat(string Name, Func<JsonElement, bool> Fits, Func<JsonElement, string, IEnumerable<ImportEntry>> Read);
