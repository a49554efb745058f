using System.Buffers;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Standard output, a whole line at a time.</summary>
/// <remarks>
/// The SDK writes a message in three steps. Between them another line could come, or the request could be cancelled, and the client would
/// read half a message. Here nothing is written before the line is whole.
/// </remarks>
internal sealed partial class LineOutput(Stream output, ILogger<LineOutput> logger) : Stream
{
    /// <summary>A buffer that grew beyond it is not kept for the next line.</summary>
    private const int KeptBytes = 64 * 1024;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JsonEscapes _escapes = new();
    private ArrayBufferWriter<byte> _line = new();

    /// <summary>Completes when nobody reads the output any more.</summary>
    public Task Broken => _broken.Task;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>A line of another writer than the SDK.</summary>
    public async Task WriteLineAsync(ReadOnlyMemory<byte> message)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await WriteAsync(output, message, "\n"u8.ToArray());
        }
        finally
        {
            _gate.Release();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _escapes.Write(buffer.Span, _line);
        return ValueTask.CompletedTask;
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await WriteAsync(output, _line.WrittenMemory, default);
            if (_line.Capacity > KeptBytes)
                _line = new();
            else
                _line.ResetWrittenCount();
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => _escapes.Write(buffer.AsSpan(offset, count), _line);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> line, ReadOnlyMemory<byte> end)
    {
        try
        {
            await stream.WriteAsync(line, CancellationToken.None);
            if (!end.IsEmpty)
                await stream.WriteAsync(end, CancellationToken.None);
            await stream.FlushAsync(CancellationToken.None);
        }
        catch (IOException failure)
        {
            if (_broken.TrySetResult())
                OutputBroke(failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Standard output broke; the session ends")]
    private partial void OutputBroke(IOException failure);
}
