using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Cli.Progress;

/// <summary>How fast memories are dealt with, from the first report on.</summary>
internal sealed class BackfillRate(TimeProvider clock)
{
    private (long At, long Done)? _start;

    /// <returns>Memories a second; 0 as long as nothing can be said.</returns>
    public double After(BackfillProgress progress)
    {
        _start ??= (clock.GetTimestamp(), progress.Done);
        var seconds = clock.GetElapsedTime(_start.Value.At).TotalSeconds;
        return seconds > 0 ? (progress.Done - _start.Value.Done) / seconds : 0;
    }
}
