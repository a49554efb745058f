namespace McpQdrant.Server.Cli.Formats;

/// <summary>What comes out of a compressed file, as far as it can be what it says: a few kilobytes that become terabytes are an attack.</summary>
/// <param name="compressed">How many bytes the file has.</param>
/// <param name="owner">Is closed with it.</param>
internal sealed class BoundedExpansion(Stream inner, long compressed, IDisposable? owner = null) : Stream
{
    /// <summary>Memories are compressed to a fifth, and the same memory again and again to a hundredth.</summary>
    private const int MaxRatio = 250;

    /// <summary>Less than this hurts nobody.</summary>
    private const long Harmless = 64 * 1024 * 1024;

    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owner?.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        _read += read;
        return _read <= Harmless || _read / MaxRatio <= compressed
            ? read
            : throw new InvalidDataException($"it unpacks to more than {MaxRatio} times its size, which memories never do; unpack it yourself if you know what is in it");
    }
}
