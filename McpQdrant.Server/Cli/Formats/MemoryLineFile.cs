using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Formats;

/// <summary>Files of lines.</summary>
internal static class MemoryLineFile
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Reads what <c>export</c> wrote.</summary>
    /// <exception cref="MemoryException">It can't be read, or is damaged.</exception>
    public static async IAsyncEnumerable<ImportEntry> ReadAsync(ImportSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (line, number) in ReadLinesAsync(source, cancellationToken))
        {
            if (MemoryLines.Read(line, $"line {number}") is { } entry)
                yield return entry;
        }
    }

    /// <summary>The lines of a file, with their numbers.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async IAsyncEnumerable<(Line Line, int Number)> ReadLinesAsync(ImportSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var input = source.Open();
        var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize));
        var lines = new LineReader(pipe, MemoryLines.MaxLineBytes);
        for (var number = 1; ; number++)
        {
            Line? line;
            try
            {
                line = await lines.ReadAsync(cancellationToken);
            }
            catch (Exception failure) when (ImportSource.IsDamage(failure))
            {
                throw new MemoryException($"'{source.Name}' is damaged or was cut off after line {number - 1}: {failure.Message}", failure);
            }
            if (line is null)
                break;
            yield return (line, number);
        }
        await pipe.CompleteAsync();
    }
}
