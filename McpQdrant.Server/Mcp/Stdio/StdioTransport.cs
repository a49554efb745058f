using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>JSON-RPC messages as lines: requests come in on one stream, replies go out on another.</summary>
/// <remarks>
/// The SDK's own transport drops every reply that is pending when its input ends. This one keeps apart the end of the input
/// (<see cref="ReadToEndAsync"/> returns) and the end of the session (<see cref="Complete"/>), so that the owner can wait in
/// between until everything is answered (<see cref="Pending"/>).
/// </remarks>
/// <param name="kind">A client may send a store and a find at once, and means them in this order: what reads is held back until the writes before it are answered.</param>
/// <param name="maxLineBytes">A longer line is answered with an error and skipped without being kept.</param>
internal sealed partial class StdioTransport(Stream input, Stream output, RequestKind kind, int maxLineBytes, ILogger<StdioTransport> logger) : ITransport
{
    private readonly LineReader _lines = new(PipeReader.Create(input), maxLineBytes);
    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateUnbounded<JsonRpcMessage>(new() { SingleWriter = true });
    private readonly SemaphoreSlim _writing = new(1, 1);

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    /// <summary>Requests that were read and not answered yet.</summary>
    public PendingRequests Pending { get; } = new();

    /// <summary>Hands on a message a line; returns at the end of the input, or when asked to stop.</summary>
    public async Task ReadToEndAsync(CancellationToken stopping)
    {
        while (await NextLineAsync(stopping) is { } line)
        {
            if (line.IsTooLong)
                await RefuseAsync(line, McpErrorCode.InvalidRequest, $"The request is longer than {maxLineBytes} bytes. Send a shorter one, or raise MCP_MAX_REQUEST_BYTES.");
            else if (!line.IsBlank)
                await HandOnAsync(line);
        }
    }

    /// <summary>Ends the session: the reader of messages sees the end.</summary>
    public void Complete() => _incoming.Writer.TryComplete();

    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await WriteLineAsync(JsonSerializer.SerializeToUtf8Bytes(message, JsonRpc.MessageType));

        if (message is JsonRpcResponse or JsonRpcError)
            Pending.Remove(((JsonRpcMessageWithId)message).Id);
    }

    public ValueTask DisposeAsync()
    {
        Complete();
        return ValueTask.CompletedTask;
    }

    private async Task<Line?> NextLineAsync(CancellationToken stopping)
    {
        try
        {
            // A read from a terminal or a pipe can't be cancelled; when asked to stop, it is left behind.
            return await _lines.ReadAsync().WaitAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (IOException failure)
        {
            InputBroke(failure);
            return null;
        }
    }

    private async Task HandOnAsync(Line line)
    {
        if (MessageText.Refusal(new ReadOnlySequence<byte>(line.Utf8)) is { } refusal)
        {
            await RefuseAsync(line, McpErrorCode.InvalidRequest, refusal);
            return;
        }

        JsonRpcMessage? message;
        try
        {
            message = (JsonRpcMessage?)JsonSerializer.Deserialize(line.Utf8, JsonRpc.MessageType);
        }
        catch (JsonException failure)
        {
            var isJson = JsonRpc.IsWellFormed(line.Utf8);
            await RefuseAsync(
                line,
                isJson ? McpErrorCode.InvalidRequest : McpErrorCode.ParseError,
                isJson ? "The line is JSON, but no JSON-RPC 2.0 message." : $"The line is not valid JSON: {JsonRpc.Describe(failure)}");
            return;
        }

        switch (message)
        {
            case JsonRpcRequest request when !TryHandOn(request):
                await RefuseAsync(line, McpErrorCode.InvalidRequest, "A request with this id was cancelled and may still be under way. Give each request an id of its own.");
                return;
            case JsonRpcRequest:
                return;
            case JsonRpcNotification { Method: NotificationMethods.CancelledNotification } notification when JsonRpc.CancelledId(notification) is not { } id || !Pending.TryCancel(id):
                return;   // of nothing that waits: it could meet a later request
            case null:
                await RefuseAsync(line, McpErrorCode.InvalidRequest, "The line is JSON, but no JSON-RPC 2.0 message.");
                return;
        }
        _incoming.Writer.TryWrite(message);
    }

    /// <returns>False where its id can't be used again.</returns>
    private bool TryHandOn(JsonRpcRequest request)
    {
        var earlierWrites = kind.IsRead(request) ? Pending.WhenWritesAreDoneAsync() : Task.CompletedTask;
        if (!Pending.TryAdd(request.Id, kind.IsWrite(request)))
            return false;

        if (earlierWrites.IsCompleted)
            _incoming.Writer.TryWrite(request);
        else
            _ = HandOnAfterAsync(earlierWrites, request);
        return true;
    }

    private async Task HandOnAfterAsync(Task earlierWrites, JsonRpcRequest request)
    {
        await earlierWrites;
        _incoming.Writer.TryWrite(request);
    }

    private async Task RefuseAsync(Line line, McpErrorCode code, string message)
    {
        Refused(message);
        await WriteLineAsync(JsonRpc.Error(JsonRpc.FindId(line.Utf8), code, message));
    }

    private async Task WriteLineAsync(byte[] utf8)
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await output.WriteAsync(utf8);
            output.WriteByte((byte)'\n');
            await output.FlushAsync();
        }
        catch (IOException failure)
        {
            OutputBroke(failure);   // nobody reads the replies any more: as good as the end of the input
            Complete();
        }
        finally
        {
            _writing.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refused a line: {Reason}")]
    private partial void Refused(string reason);

    [LoggerMessage(LogLevel.Warning, "Standard input broke; no more requests are read")]
    private partial void InputBroke(IOException failure);

    [LoggerMessage(LogLevel.Warning, "Standard output broke; the session ends")]
    private partial void OutputBroke(IOException failure);
}
