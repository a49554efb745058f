using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Transports.Stdio;

/// <summary>Requests that wait for their reply.</summary>
internal sealed class PendingRequests
{
    private readonly Lock _lock = new();
    private readonly List<Pending> _pending = [];

    /// <param name="writes">Whether it changes memories.</param>
    public void Add(RequestId id, bool writes)
    {
        lock (_lock)
            _pending.Add(new Pending(id, writes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
    }

    /// <summary>It was answered, or its caller no longer wants an answer.</summary>
    public void Remove(RequestId id)
    {
        lock (_lock)
        {
            if (_pending.FindIndex(pending => pending.Id == id) is var place and >= 0)
            {
                _pending[place].Done.SetResult();
                _pending.RemoveAt(place);
            }
        }
    }

    /// <summary>Completes when nothing waits of what waits now.</summary>
    public Task WhenDoneAsync() => WhenDoneAsync(_ => true);

    /// <summary>Completes when no write waits of those that wait now.</summary>
    public Task WhenWritesAreDoneAsync() => WhenDoneAsync(pending => pending.Writes);

    private Task WhenDoneAsync(Func<Pending, bool> which)
    {
        lock (_lock)
            return Task.WhenAll(_pending.Where(which).Select(pending => pending.Done.Task).ToArray());
    }

    private sealed record Pending(RequestId Id, bool Writes, TaskCompletionSource Done);
}
