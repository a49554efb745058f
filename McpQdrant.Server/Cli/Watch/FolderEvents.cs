namespace McpQdrant.Server.Cli.Watch;

/// <summary>Says when to look at a folder again: when the system tells of a change in it, and now and then, since it doesn't tell of all.</summary>
/// <remarks>Network folders tell nothing, and Linux bounds how many folders may be watched (<c>fs.inotify.max_user_watches</c>).</remarks>
internal sealed class FolderEvents : IDisposable
{
    /// <summary>Programs write a file in several steps, and change several at once.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    private readonly SemaphoreSlim _changed = new(0);
    private readonly FileSystemWatcher? _watcher;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;

    public FolderEvents(string folder, TimeSpan interval, TimeProvider clock)
    {
        (_interval, _clock) = (interval, clock);
        try
        {
            _watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            _watcher.Changed += Tell;
            _watcher.Created += Tell;
            _watcher.Deleted += Tell;
            _watcher.Renamed += Tell;
            // Some were lost: the folder is looked at as a whole anyway.
            _watcher.Error += Tell;
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception failure) when (failure is IOException or PlatformNotSupportedException or ArgumentException)
        {
            _watcher?.Dispose();
            _watcher = null;
            Failure = failure.Message;
        }
    }

    /// <summary>Why the system tells nothing, so that a change is seen at the next interval only; null where it does.</summary>
    public string? Failure { get; }

    /// <summary>Returns when there may be something to do.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_changed.WaitAsync(stop.Token), Task.Delay(_interval, _clock, stop.Token));
        cancellationToken.ThrowIfCancellationRequested();
        await stop.CancelAsync();
        await Task.Delay(Settling, _clock, cancellationToken);
        while (_changed.Wait(0, CancellationToken.None))
        {
            // What was told meanwhile is seen by the same look.
        }
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    private void Tell(object sender, EventArgs change) => _changed.Release();
}
