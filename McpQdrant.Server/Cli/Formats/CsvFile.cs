using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Json;
using nietras.SeparatedValues;

namespace McpQdrant.Server.Cli.Formats;

/// <summary>Tables with a row of names first (RFC 4180): separated by commas, semicolons or tabs, which the first row tells.</summary>
internal static class CsvFile
{
    public static async IAsyncEnumerable<ImportEntry> ReadAsync(ImportSource source, FieldMap map, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var input = source.Open();
        using var text = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        using var rows = Open(text, source.Name);
        string[] names = [.. rows.Header.ColNames];
        map.RequireText(ToJson(names, names), source.Name);
        for (var line = 1L; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (values, problem, next) = Next(rows, line);
            if (values is null && problem is null)
                yield break;

            line = next;
            foreach (var entry in Read(names, values, problem, map, $"line {line}"))
                yield return entry;
            if (values is null)
                yield break;
        }
    }

    private static SepReader Open(StreamReader text, string name)
    {
        try
        {
            return Sep.Reader(options => options with { Unescape = true, DisableColCountCheck = true }).From(text);
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            throw new MemoryException($"'{name}', line 1: the names of the columns can't be read: {failure.Message}", failure);
        }
    }

    /// <returns>Neither values nor a problem at the end.</returns>
    private static (string[]? Values, string? Problem, long Line) Next(SepReader rows, long line)
    {
        try
        {
            if (!rows.MoveNext())
                return (null, null, line);

            var row = rows.Current;
            var values = new string[row.ColCount];
            for (var i = 0; i < values.Length; i++)
                values[i] = row[i].ToString();
            return (values, null, row.LineNumberFrom);
        }
        catch (Exception failure) when (IsUnreadable(failure))
        {
            var reason = failure is DecoderFallbackException ? "it holds bytes that are not UTF-8" : failure.Message.ReplaceLineEndings(" ").TrimEnd('.');
            return (null, $"{reason}; what follows was not read", line + 1);
        }
    }

    private static IEnumerable<ImportEntry> Read(string[] names, string[]? values, string? problem, FieldMap map, string place)
    {
        if (values is null)
            return [new ImportEntry.Unreadable(place, problem!)];
        if (values is [""])
            return [];
        if (values.Length != names.Length)
            return [new ImportEntry.Unreadable(place, $"it has {values.Length} columns, and the first line {names.Length}")];
        try
        {
            return [.. map.Read(ToJson(names, values), place)];
        }
        catch (FieldException wrong)
        {
            return [new ImportEntry.Unreadable(place, wrong.Message)];
        }
    }

    /// <summary>Empty cells are no values.</summary>
    private static JsonElement ToJson(string[] names, string[] values) => Fields.Object(json =>
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (values[i].Length > 0)
                json.WriteString(names[i], values[i]);
        }
    });

    private static bool IsUnreadable(Exception failure) =>
        ImportSource.IsDamage(failure) || failure is DecoderFallbackException or ArgumentException or NotSupportedException or InvalidOperationException;
}
