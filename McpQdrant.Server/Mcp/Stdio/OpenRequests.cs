using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Requests of a session that were read and are not answered yet, and the server's own to the client. Message filters of the SDK tell when they end, and keep their order.</summary>
/// <param name="tools">They say of themselves whether they change memories.</param>
internal sealed class OpenRequests(IEnumerable<McpServerTool> tools)
{
    private readonly HashSet<string> _writers =
        [.. tools.Where(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint != true).Select(tool => tool.ProtocolTool.Name)];

    private readonly Lock _lock = new();
    private readonly Dictionary<RequestId, SameId> _open = [];
    private readonly HashSet<OpenRequest> _writes = [];
    private readonly HashSet<RequestId> _asked = [];

    /// <summary>The request that is being handled here.</summary>
    private readonly AsyncLocal<OpenRequest?> _current = new();

    /// <returns>False where a request of this id was cancelled and is still open: the cancellation could meet this one, and neither would be answered.</returns>
    public bool TryAdd(MessageText request)
    {
        var isWrite = request is { Method: RequestMethods.ToolsCall, Name: { } tool } && _writers.Contains(tool);
        var isRead = !isWrite && request.Method is RequestMethods.ToolsCall or RequestMethods.ResourcesRead;
        lock (_lock)
        {
            if (!_open.TryGetValue(request.Id, out var same))
                _open[request.Id] = same = new SameId();
            else if (same.IsCancelled)
                return false;

            // A client may send a store and a find at once, and means them in this order.
            var added = new OpenRequest(isRead ? Task.WhenAll(_writes.Select(write => write.LetsOthersPass.Task)) : Task.CompletedTask);
            same.Requests.Add(added);
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
            if (id.Id is null || _open.GetValueOrDefault(id) is not { } same)
                return false;
            same.IsCancelled = true;
            same.Cancellations++;
            return true;
        }
    }

    /// <returns>False where the server has not asked that, or was answered already.</returns>
    public bool TryAnswer(RequestId id)
    {
        lock (_lock)
            return id.Id is not null && _asked.Remove(id);
    }

    /// <summary>Completes when all requests that are open now have ended.</summary>
    public Task WhenEndedAsync()
    {
        lock (_lock)
            return Task.WhenAll([.. _open.Values.SelectMany(same => same.Requests).Select(request => request.Ended.Task)]);
    }

    public void AddFilters(McpMessageFilters filters)
    {
        filters.IncomingFilters.Insert(0, Receive);
        filters.OutgoingFilters.Insert(0, Send);
    }

    private McpMessageHandler Receive(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest request && Begin(request.Id) is { } open)
        {
            _current.Value = open;
            try
            {
                await open.EarlierWrites.WaitAsync(cancellationToken);
                await next(context, cancellationToken);
                End(request.Id, open);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                End(request.Id, open);   // no answer follows, as one does after any other failure
                throw;
            }
            catch
            {
                open.HasFailed = true;   // it ends with the answer that says so
                throw;
            }
            return;
        }

        await next(context, cancellationToken);
        if (context.JsonRpcMessage is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled && IdIn(cancelled.Params) is { } id)
            Change(id, same => same.Cancellations--);
    };

    private McpMessageHandler Send(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest asked)
            Ask(asked.Id);
        try
        {
            await next(context, cancellationToken);
        }
        finally
        {
            if (context.JsonRpcMessage is JsonRpcError { Id: { Id: not null } id })
                Change(id, same => End(same, same.Requests.Find(open => open.HasFailed) ?? same.Requests.Find(open => !open.HasBegun)));
        }
    };

    /// <summary>A person who is asked may take minutes, for which nothing else has to wait.</summary>
    private void Ask(RequestId id)
    {
        lock (_lock)
            _asked.Add(id);
        _current.Value?.LetsOthersPass.TrySetResult();
    }

    /// <returns>The first request of the id that is not handled yet; null for none.</returns>
    private OpenRequest? Begin(RequestId id)
    {
        OpenRequest? begun = null;
        Change(id, same =>
        {
            begun = same.Requests.Find(open => !open.HasBegun);
            begun?.HasBegun = true;
        });
        return begun;
    }

    private void End(RequestId id, OpenRequest request) => Change(id, same => End(same, request));

    private void End(SameId same, OpenRequest? request)
    {
        if (request is null || !same.Requests.Remove(request))
            return;
        _writes.Remove(request);
        request.LetsOthersPass.TrySetResult();
        request.Ended.TrySetResult();
    }

    private void Change(RequestId id, Action<SameId> change)
    {
        lock (_lock)
        {
            if (_open.GetValueOrDefault(id) is not { } same)
                return;
            change(same);
            if (same is { Requests: [], Cancellations: 0 })
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

        /// <summary>When reads that were sent later need not wait for this one any more.</summary>
        public TaskCompletionSource LetsOthersPass { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasBegun { get; set; }

        public bool HasFailed { get; set; }
    }

    /// <summary>Usually one request. Clients that give several the same id are served all the same.</summary>
    private sealed class SameId
    {
        public List<OpenRequest> Requests { get; } = [];

        public bool IsCancelled { get; set; }

        /// <summary>Those that were handed on and have not been handled yet.</summary>
        public int Cancellations { get; set; }
    }
}
