using System.Collections.Concurrent;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Stores.Sqlite.Files;

/// <summary>Writes of several callers in one transaction, since waiting for the disk is what a write costs.</summary>
/// <remarks>
/// Whoever gets the turn commits everything that waits; the others find theirs done when it is their turn. Where a transaction fails, its
/// writes are done again one by one, so that each gets its own answer: what a write does must depend on the database alone.
/// </remarks>
internal sealed class WriteQueue(SqliteDatabase database) : IDisposable
{
    // Keeps a transaction, which keeps other processes waiting, short.
    private const int MostAtOnce = 256;

    private readonly ConcurrentQueue<Write> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Returns when the write is on the disk.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited; whether it was done is unknown if its turn had come.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var write = new Write<T>(work, cancellationToken);
        _waiting.Enqueue(write);

        await MemoryMetrics.WaitAsync(_turn, "writes", cancellationToken);
        try
        {
            while (!write.Result.IsCompleted)
                await Task.Run(CommitWaiting, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }

        return await write.Result;
    }

    public void Dispose() => _turn.Dispose();

    private void CommitWaiting()
    {
        var writes = new List<Write>();
        while (writes.Count < MostAtOnce && _waiting.TryDequeue(out var write))
        {
            if (!write.TryCancel())
                writes.Add(write);
        }

        if (writes.Count == 0 || TryCommit(writes))
            return;
        foreach (var write in writes)
            TryCommit([write]);
    }

    /// <returns>False where the writes are to be tried one by one.</returns>
    private bool TryCommit(IReadOnlyList<Write> writes)
    {
        var begun = false;
        try
        {
            database.Use((session, _) =>
            {
                session.BeginWrite();
                begun = true;
                foreach (var write in writes)
                    write.Do(session);
                return session.Execute("COMMIT");
            });
        }
        catch (Exception) when (begun && writes.Count > 1)
        {
            return false;
        }
        catch (Exception e)
        {
            foreach (var write in writes)
                write.Fail(e);
            return true;
        }

        foreach (var write in writes)
            write.Succeed();
        return true;
    }

    private abstract class Write
    {
        public abstract bool TryCancel();

        public abstract void Do(SqliteSession session);

        public abstract void Succeed();

        public abstract void Fail(Exception reason);
    }

    private sealed class Write<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : Write
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;

        public Task<T> Result => _result.Task;

        public override bool TryCancel() => cancellationToken.IsCancellationRequested && _result.TrySetCanceled(cancellationToken);

        public override void Do(SqliteSession session) => _value = work(session);

        public override void Succeed() => _result.SetResult(_value!);

        public override void Fail(Exception reason) => _result.SetException(reason);
    }
}
