using McpQdrant.Core.Collections;
using Spectre.Console;

namespace McpQdrant.Server.Cli.Progress;

/// <summary>Shows how far a command is: a bar with rate and time left at a terminal, else a line now and then.</summary>
internal static class CommandProgress
{
    /// <param name="error">Where progress goes, so that standard output has only the result.</param>
    public static Task<T> ShowAsync<T>(TextWriter error, Func<IProgress<BackfillProgress>, Task<T>> work) =>
        ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
            ? ShowBarAsync(error, work)
            : work(new ProgressLines(error, TimeProvider.System));

    private static Task<T> ShowBarAsync<T>(TextWriter error, Func<IProgress<BackfillProgress>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn(), new RemainingTimeColumn())
            .StartAsync(display => work(new Bar(display.AddTask("memories", autoStart: false), TimeProvider.System)));
    }

    private sealed class Bar(ProgressTask task, TimeProvider clock) : IProgress<BackfillProgress>
    {
        private readonly BackfillRate _rate = new(clock);

        public void Report(BackfillProgress value)
        {
            if (!task.IsStarted)
                task.StartTask();
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
            task.Description = $"{value.Done:N0} of {value.Total:N0} memories, {_rate.After(value):N0} a second";
        }
    }
}
