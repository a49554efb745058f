using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Requests that wait for their reply.</summary>
internal sealed class PendingRequests
{
    private readonly Lock _lock = new();
    private readonly List<Pending> _pending = [];

    /// <param name="writes">Whether it changes memories.</param>
    /// <returns>False where a request of this id was cancelled, which may still be under way and would meet this one: neither would be answered.</returns>
    public bool TryAdd(RequestId id, bool writes)
    {
        lock (_lock)
        {
            if (_pending.Exists(pending => pending.Id == id && pending.Done.Task.IsCompleted))
                return false;

            _pending.Add(new Pending(id, writes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
            return true;
        }
    }

    /// <summary>It was answered.</summary>
    public void Remove(RequestId id)
    {
        lock (_lock)
        {
            if (_pending.FindIndex(pending => pending.Id == id) is var place and >= 0)
            {
                _pending[place].Done.TrySetResult();
                _pending.RemoveAt(place);
            }
        }
    }

    /// <summary>Its caller no longer wants an answer; one may come all the same.</summary>
    /// <returns>False where no such request waits.</returns>
    public bool TryCancel(RequestId id)
    {
        lock (_lock)
        {
            var cancelled = _pending.FindAll(pending => pending.Id == id);
            cancelled.ForEach(pending => pending.Done.TrySetResult());
            return cancelled.Count > 0;
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
