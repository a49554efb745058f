using System.Buffers;
using McpQdrant.Server.Mcp;

namespace McpQdrant.Server.Http;

/// <summary>The body of a response that may be an event stream: events go out whole, and an idle stream shows that it is alive.</summary>
/// <remarks>
/// The SDK writes an event with the token of the request that it answers. Where that is cancelled in the middle, the rest of the event
/// would come before the next one. Here a write that has begun goes on, whatever its token says. Proxies close streams on which nothing
/// comes for a minute, so a comment is sent, which clients pass over.
/// </remarks>
internal sealed class EventStreamBody : Stream
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly HttpContext _context;
    private readonly Stream _inner;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly JsonEscapes _escapes = new();
    private readonly ArrayBufferWriter<byte> _reduced = new();
    private readonly ITimer _timer;
    private bool _hasEnded;

    private EventStreamBody(HttpContext context, TimeProvider clock)
    {
        (_context, _inner) = (context, context.Response.Body);
        _timer = clock.CreateTimer(_ => _ = KeepAliveAsync(), null, Interval, Interval);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Serves a request with such a body.</summary>
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next, TimeProvider clock)
    {
        var body = new EventStreamBody(context, clock);
        context.Response.Body = body;
        try
        {
            await next(context);
            // What was written to the writer of this body, which nobody else completes.
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }
        finally
        {
            await body.DisposeAsync();
            context.Response.Body = body._inner;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(WithGateAsync(async () =>
    {
        _timer.Change(Interval, Interval);
        await _inner.WriteAsync(IsMessage() ? Reduced(buffer.Span) : buffer, CancellationToken.None);
    }));

    public override Task FlushAsync(CancellationToken cancellationToken) => WithGateAsync(() => _inner.FlushAsync(CancellationToken.None));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _gate.WaitAsync();
        _hasEnded = true;
        _gate.Release();
        await base.DisposeAsync();
    }

    /// <summary>Whether the body is one of the SDK, whose length is not told before.</summary>
    private bool IsMessage() =>
        _context.Response.ContentLength is null
        && _context.Response.ContentType is { } type
        && (type.StartsWith("text/event-stream", StringComparison.Ordinal) || type.StartsWith("application/json", StringComparison.Ordinal));

    private ReadOnlyMemory<byte> Reduced(ReadOnlySpan<byte> json)
    {
        _reduced.ResetWrittenCount();
        _escapes.Write(json, _reduced);
        return _reduced.WrittenMemory;
    }

    private async Task KeepAliveAsync()
    {
        try
        {
            await WithGateAsync(async () =>
            {
                if (!IsIdleStream())
                    return;
                await _inner.WriteAsync(": keep-alive\n\n"u8.ToArray(), _context.RequestAborted);
                await _inner.FlushAsync(_context.RequestAborted);
            });
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone, which the request learns by itself.
        }
    }

    /// <remarks>An answer to a POST may still become an error with a status of its own, as long as nothing was sent.</remarks>
    private bool IsIdleStream() =>
        !_hasEnded
        && _context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true
        && (_context.Response.HasStarted || HttpMethods.IsGet(_context.Request.Method));

    private async Task WithGateAsync(Func<Task> write)
    {
        await _gate.WaitAsync();
        try
        {
            await write();
        }
        finally
        {
            _gate.Release();
        }
    }
}
