using McpQdrant.Core.Collections;
using McpQdrant.Server.Cli;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Server.Cli;

public sealed class MaintenanceProgressTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Report_writes_lines_now_and_then_for_a_log()
    {
        Report(isTerminal: false);

        Assert.Equal(
            ["0 of 2,000 memories", "1,000 of 2,000 memories, 200 a second, 0:00:05 left", "2,000 of 2,000 memories, 200 a second, 0:00:00 left", ""],
            _output.ToString().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public void Report_writes_one_line_over_at_a_terminal()
    {
        Report(isTerminal: true);

        var written = _output.ToString();
        Assert.Equal(1, written.Count(character => character == '\n'));
        Assert.StartsWith("\r[....................] 0 of 2,000 memories\e[K", written, StringComparison.Ordinal);
        Assert.Contains("\r[############........] 1,200 of 2,000 memories, 200 a second, 0:00:04 left\e[K", written, StringComparison.Ordinal);
        Assert.EndsWith($"\r[####################] 2,000 of 2,000 memories, 200 a second, 0:00:00 left\e[K{Environment.NewLine}", written, StringComparison.Ordinal);
    }

    private void Report(bool isTerminal)
    {
        using var progress = new MaintenanceProgress(_output, isTerminal, _clock);
        for (var done = 0; done <= 2000; done += 200)
        {
            progress.Report(new BackfillProgress(done, 2000));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
