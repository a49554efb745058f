using System.Buffers;
using System.IO.Pipelines;

namespace McpQdrant.Core.Json;

/// <summary>Reads lines of bounded length; what is longer is passed over, of which the first bytes are kept to tell whose it was.</summary>
/// <param name="maxBytes">Of a line, its end not counted.</param>
public sealed class LineReader(PipeReader input, int maxBytes)
{
    /// <summary>Enough of a line that is too long to find the request's id in it.</summary>
    private const int KeptBytes = 4096;

    /// <returns>Null at the end of the input. A last line without an end counts.</returns>
    public async Task<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? start = null;   // of a line that has proved too long
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;

            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Cut(buffer.Slice(0, end), start);
                input.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                var line = buffer.IsEmpty && start is null ? null : Cut(buffer, start);
                input.AdvanceTo(buffer.End);
                return line;
            }

            if (start is null && buffer.Length <= maxBytes)
            {
                input.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            start ??= Start(buffer);
            input.AdvanceTo(buffer.End);
        }
    }

    private Line Cut(ReadOnlySequence<byte> rest, ReadOnlyMemory<byte>? start)
    {
        if (start is { } kept)
            return new Line(kept, IsTooLong: true);

        return rest.Length > maxBytes
            ? new Line(Start(rest), IsTooLong: true)
            : new Line(ByteOrderMark.Skip(rest.ToArray()), IsTooLong: false);
    }

    private static ReadOnlyMemory<byte> Start(ReadOnlySequence<byte> line) => ByteOrderMark.Skip(line.Slice(0, Math.Min(line.Length, KeptBytes)).ToArray());
}

/// <param name="Utf8">The line, or its first bytes where it <paramref name="IsTooLong"/>.</param>
public sealed record Line(ReadOnlyMemory<byte> Utf8, bool IsTooLong)
{
    public bool IsBlank => Utf8.Span.IndexOfAnyExcept(" \t\r"u8) < 0;
}
