using System.Globalization;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Cli;

/// <summary>Shows how far a command is: one line that is written over at a terminal, else a line at the start, every few seconds, and at the end.</summary>
/// <param name="output">Standard error, so that standard output has only the result.</param>
internal sealed class MaintenanceProgress(TextWriter output, bool isTerminal, TimeProvider clock) : IProgress<BackfillProgress>, IDisposable
{
    private const int BarWidth = 20;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);

    private (long At, long Done)? _start;
    private long? _last;
    private bool _isAmidLine;

    public void Report(BackfillProgress value)
    {
        _start ??= (clock.GetTimestamp(), value.Done);
        if (_last is { } last && (value.Done < value.Total || value.Total == 0) && clock.GetElapsedTime(last) < (isTerminal ? BarInterval : LineInterval))
            return;

        _last = clock.GetTimestamp();
        var text = Describe(value);
        if (!isTerminal)
        {
            output.WriteLine(text);
            return;
        }

        // The line begins anew, and what is left of the one before is erased.
        output.Write($"\r{Bar(value)} {text}\e[K");
        _isAmidLine = true;
    }

    /// <summary>Ends the line, so that what is written next has one of its own.</summary>
    public void Dispose()
    {
        if (_isAmidLine)
            output.WriteLine();
    }

    private string Describe(BackfillProgress value)
    {
        var seconds = clock.GetElapsedTime(_start!.Value.At).TotalSeconds;
        var rate = seconds > 0 ? (value.Done - _start.Value.Done) / seconds : 0;
        if (value.Total == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} memories{(rate > 0 ? $", {rate:N0} a second" : "")}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Done:N0} of {value.Total:N0} memories{(rate > 0 ? $", {rate:N0} a second, {TimeSpan.FromSeconds((value.Total - value.Done) / rate):h\\:mm\\:ss} left" : "")}");
    }

    private static string Bar(BackfillProgress value)
    {
        var filled = (int)(BarWidth * value.Done / Math.Max(1, value.Total));
        return $"[{new string('#', filled)}{new string('.', BarWidth - filled)}]";
    }
}
