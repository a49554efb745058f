using System.IO.Pipelines;
using McpQdrant.Core.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Reads lines, hands on those that are messages, and answers the others.</summary>
/// <param name="messages">Where the SDK reads. Nobody completes it here: the SDK drops replies that are pending at the end of its input.</param>
internal sealed partial class StdioInput(
    Stream input, PipeWriter messages, LineOutput output, OpenRequests open, int maxLineBytes, ILogger<StdioInput> logger)
{
    private const int BufferSize = 64 * 1024;

    private readonly LineReader _lines = new(PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize)), maxLineBytes);

    /// <returns>At the end of the input, or when asked to stop: true; false where the input can't be read.</returns>
    public async Task<bool> ReadToEndAsync(CancellationToken stopping)
    {
        try
        {
            // A read from a terminal or a pipe can't be cancelled; when asked to stop, it is left behind.
            while (await _lines.ReadAsync(CancellationToken.None).WaitAsync(stopping) is { } line)
            {
                if (line.IsTooLong)
                    await RefuseAsync(MessageText.FindId(line.Utf8.Span), McpErrorCode.InvalidRequest, $"The request is longer than {maxLineBytes} bytes. Send a shorter one, or raise MCP_MAX_REQUEST_BYTES.");
                else if (!line.IsBlank)
                    await TakeAsync(line.Utf8, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            InputBroke(failure.Message.TrimEnd('.'));
            return false;
        }
        return true;
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> line, CancellationToken stopping)
    {
        var message = MessageText.Read(line);
        if (message.Problem is { } problem)
            await RefuseAsync(message.RawId, message.ProblemCode, problem);
        else if (message.Kind == MessageKind.Batch)
            await TakeBatchAsync(line, stopping);
        else if (message.Kind == MessageKind.Request && !open.TryAdd(message))
            await RefuseAsync(message.RawId, McpErrorCode.InvalidRequest, "A request with this id was cancelled and is still under way. Give each request an id of its own.");
        else if (message is { Kind: MessageKind.Request, Method: RequestMethods.Initialize })
            await InitializeAsync(line, stopping);
        else if (IsForServer(message))
            await HandOnAsync(line, stopping);
    }

    /// <remarks>The next message, of another version perhaps, would be read while the version is being agreed on, and the SDK go by that one's.</remarks>
    private async Task InitializeAsync(ReadOnlyMemory<byte> line, CancellationToken stopping)
    {
        await HandOnAsync(InitializeMessage.Complete(line), stopping);
        await open.WhenEndedAsync().WaitAsync(stopping);
    }

    /// <remarks>Each answer is a line of its own: clients that read lines know no others.</remarks>
    private async Task TakeBatchAsync(ReadOnlyMemory<byte> batch, CancellationToken stopping)
    {
        var messages = MessageText.Split(batch);
        if (messages.Count == 0)
            await RefuseAsync(null, McpErrorCode.InvalidRequest, "The batch is empty.");
        foreach (var message in messages)
        {
            if (MessageText.Read(message).Kind == MessageKind.Batch)
                await RefuseAsync(null, McpErrorCode.InvalidRequest, "A batch can't hold another one.");
            else
                await TakeAsync(message, stopping);
        }
    }

    /// <summary>A response may be to nothing; and a cancellation of nothing could meet a later request.</summary>
    private bool IsForServer(MessageText message) => message switch
    {
        { Kind: MessageKind.Response } => open.TryAnswer(message.Id),
        { Kind: MessageKind.Notification, Method: NotificationMethods.CancelledNotification } => open.TryCancel(message.Cancelled),
        _ => true,
    };

    private async Task HandOnAsync(ReadOnlyMemory<byte> message, CancellationToken stopping)
    {
        var length = message.Length + 1;
        var line = messages.GetSpan(length)[..length];
        // Within JSON it is a space, and to the SDK it would end the line.
        message.Span.Replace(line, (byte)'\r', (byte)' ');
        line[^1] = (byte)'\n';
        messages.Advance(length);
        await messages.FlushAsync(stopping);
    }

    private async Task RefuseAsync(byte[]? id, McpErrorCode code, string problem)
    {
        Refused(problem);
        await output.WriteLineAsync(ErrorMessage.Of(id, (int)code, problem));
    }

    [LoggerMessage(LogLevel.Warning, "Refused a line: {Reason}")]
    private partial void Refused(string reason);

    [LoggerMessage(LogLevel.Error, "Standard input can't be read: {Reason}. Start this program from an MCP client, or with --transport http")]
    private partial void InputBroke(string reason);
}
