using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Transports.Stdio;

/// <summary>Requests that wait for their reply.</summary>
internal sealed class PendingRequests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RequestId, Pending> _pending = [];

    /// <param name="writes">Whether it changes memories.</param>
    /// <returns>False where another request has this id: which of them a reply or a cancellation is for would be anyone's guess.</returns>
    public bool TryAdd(RequestId id, bool writes)
    {
        lock (_lock)
            return _pending.TryAdd(id, new Pending(writes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
    }

    /// <summary>It was answered.</summary>
    public void Remove(RequestId id)
    {
        lock (_lock)
        {
            if (_pending.Remove(id, out var pending))
                pending.Done.TrySetResult();
        }
    }

    /// <summary>Its caller no longer wants an answer. Its id stays taken, until one comes all the same: the cancellation may still be under way.</summary>
    /// <returns>False where no such request waits.</returns>
    public bool TryCancel(RequestId id)
    {
        lock (_lock)
            return _pending.TryGetValue(id, out var pending) && pending.Done.TrySetResult();
    }

    /// <summary>Completes when nothing waits of what waits now.</summary>
    public Task WhenDoneAsync() => WhenDoneAsync(_ => true);

    /// <summary>Completes when no write waits of those that wait now.</summary>
    public Task WhenWritesAreDoneAsync() => WhenDoneAsync(pending => pending.Writes);

    private Task WhenDoneAsync(Func<Pending, bool> which)
    {
        lock (_lock)
            return Task.WhenAll(_pending.Values.Where(which).Select(pending => pending.Done.Task).ToArray());
    }

    private sealed record Pending(bool Writes, TaskCompletionSource Done);
}
