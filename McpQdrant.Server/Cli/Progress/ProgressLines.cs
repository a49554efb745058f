using System.Globalization;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Cli.Progress;

/// <summary>Progress for a log: a line at the start, every few seconds, and at the end.</summary>
internal sealed class ProgressLines(TextWriter output, TimeProvider clock) : IProgress<BackfillProgress>
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly BackfillRate _rate = new(clock);
    private long? _last;

    public void Report(BackfillProgress value)
    {
        var rate = _rate.After(value);
        if (_last is { } last && value.Done < value.Total && clock.GetElapsedTime(last) < Interval)
            return;

        _last = clock.GetTimestamp();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} of {value.Total:N0} memories{(rate > 0 ? $", {rate:N0} a second" : "")}"));
    }
}
