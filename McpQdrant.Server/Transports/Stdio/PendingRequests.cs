using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Transports.Stdio;

/// <summary>Requests that wait for their reply.</summary>
internal sealed class PendingRequests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RequestId, int> _counts = [];
    private TaskCompletionSource? _empty;

    public void Add(RequestId id)
    {
        lock (_lock)
            _counts[id] = _counts.GetValueOrDefault(id) + 1;
    }

    /// <summary>It was answered, or its caller no longer wants an answer.</summary>
    public void Remove(RequestId id)
    {
        lock (_lock)
        {
            if (!_counts.TryGetValue(id, out var count))
                return;
            if (count > 1)
                _counts[id] = count - 1;
            else
                _counts.Remove(id);
            if (_counts.Count == 0)
                _empty?.TrySetResult();
        }
    }

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            if (_counts.Count == 0)
                return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }
}
