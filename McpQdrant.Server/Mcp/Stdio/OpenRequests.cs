using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Requests of a session that were read and are not answered yet. Message filters of the SDK tell when they end, and keep their order.</summary>
/// <param name="tools">They say of themselves whether they change memories.</param>
internal sealed class OpenRequests(IEnumerable<McpServerTool> tools)
{
    private readonly HashSet<string> _writers =
        [.. tools.Where(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint != true).Select(tool => tool.ProtocolTool.Name)];

    private readonly Lock _lock = new();
    private readonly Dictionary<RequestId, OpenRequest> _open = [];
    private readonly HashSet<OpenRequest> _writes = [];

    /// <returns>False where a request of this id is open, or was cancelled just now: the cancellation could meet this one.</returns>
    public bool TryAdd(MessageText request)
    {
        var isWrite = request is { Method: RequestMethods.ToolsCall, Name: { } tool } && _writers.Contains(tool);
        var isRead = !isWrite && request.Method is RequestMethods.ToolsCall or RequestMethods.ResourcesRead;
        lock (_lock)
        {
            // A client may send a store and a find at once, and means them in this order.
            var added = new OpenRequest(isRead ? Task.WhenAll(_writes.Select(write => write.Ended.Task)) : Task.CompletedTask);
            if (!_open.TryAdd(request.Id, added))
                return false;
            if (isWrite)
                _writes.Add(added);
            return true;
        }
    }

    /// <returns>False where no such request is open: the cancellation must not be handed on, or it could meet a later request.</returns>
    public bool TryCancel(RequestId id)
    {
        lock (_lock)
        {
            if (id.Id is null || _open.GetValueOrDefault(id) is not { } request)
                return false;
            request.Cancellations++;
            return true;
        }
    }

    /// <summary>Completes when all requests that are open now have ended.</summary>
    public Task WhenEndedAsync()
    {
        lock (_lock)
            return Task.WhenAll([.. _open.Values.Select(request => request.Ended.Task)]);
    }

    public void AddFilters(McpMessageFilters filters)
    {
        filters.IncomingFilters.Insert(0, Receive);
        filters.OutgoingFilters.Insert(0, Send);
    }

    private McpMessageHandler Receive(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest request)
        {
            try
            {
                await EarlierWrites(request.Id).WaitAsync(cancellationToken);
                await next(context, cancellationToken);
                End(request.Id);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                End(request.Id);   // no answer follows, as one does after any other failure
                throw;
            }
            return;
        }

        await next(context, cancellationToken);
        if (context.JsonRpcMessage is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled && IdIn(cancelled.Params) is { } id)
            Change(id, open => open.Cancellations--);
    };

    private McpMessageHandler Send(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken);
        }
        finally
        {
            if (context.JsonRpcMessage is JsonRpcError { Id: { Id: not null } id })
                End(id);
        }
    };

    private Task EarlierWrites(RequestId id)
    {
        lock (_lock)
            return _open.GetValueOrDefault(id)?.EarlierWrites ?? Task.CompletedTask;
    }

    private void End(RequestId id) => Change(id, request =>
    {
        _writes.Remove(request);
        request.Ended.TrySetResult();
    });

    private void Change(RequestId id, Action<OpenRequest> change)
    {
        lock (_lock)
        {
            if (_open.GetValueOrDefault(id) is not { } request)
                return;
            change(request);
            if (request is { Ended.Task.IsCompleted: true, Cancellations: 0 })
                _open.Remove(id);
        }
    }

    private static RequestId? IdIn(JsonNode? parameters) => (parameters as JsonObject)?["requestId"] switch
    {
        JsonValue value when value.TryGetValue(out string? text) => new RequestId(text),
        JsonValue value when value.TryGetValue(out long number) => new RequestId(number),
        _ => null,
    };

    private sealed class OpenRequest(Task earlierWrites)
    {
        public Task EarlierWrites { get; } = earlierWrites;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Those that were handed on and have not been handled yet.</summary>
        public int Cancellations { get; set; }
    }
}
