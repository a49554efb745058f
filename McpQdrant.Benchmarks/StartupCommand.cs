using System.CommandLine;
using System.Diagnostics;

namespace McpQdrant.Benchmarks;

/// <summary>From the spawn of the process to the reply to <c>initialize</c>, over stdio.</summary>
internal static class StartupCommand
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"benchmark","version":"1"}}}""";

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 10, Description = "Counted runs, after one that is not." };
        var command = new Command("startup", "Time from spawn to the reply to initialize. Goal: 500 ms.") { runs };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(runs), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var run = 0; run <= runs; run++)
        {
            var start = new ProcessStartInfo(ServerUnderTest.Binary) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder();

            var clock = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteLineAsync(Initialize.AsMemory(), cancellationToken);
            await process.StandardInput.FlushAsync(cancellationToken);
            await process.StandardOutput.ReadLineAsync(cancellationToken);
            if (run > 0)
                times.Add(clock.Elapsed.TotalMilliseconds);

            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
        }
        Console.WriteLine($"initialize answered after {Statistics.Median(times):F0} ms (median of {runs}; {times.Min():F0} to {times.Max():F0})");
        return 0;
    }
}
