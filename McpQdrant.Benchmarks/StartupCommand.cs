using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace McpQdrant.Benchmarks;

/// <summary>From the spawn of the process to the reply to <c>initialize</c>, over stdio.</summary>
internal static class StartupCommand
{
    public const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"benchmark","version":"1"}}}""";

    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    public static string Call(string tool, string argument, string value) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{"{{argument}}":"{{JsonEncodedText.Encode(value)}}" } } }""";

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 10, Description = "Counted runs, after one that is not." };
        var command = new Command("startup", "Time from spawn to the reply to initialize, and to that of the first find. Goals: 40 and 150 ms (native), 200 ms to initialize (JIT).") { runs };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(runs), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var (times, finds) = (new List<double>(), new List<double>());
        var environment = new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder(), ["COLLECTION_NAME"] = "notes" };
        for (var run = 0; run <= runs; run++)
        {
            var clock = Stopwatch.StartNew();
            using var process = ServerUnderTest.StartStdio(environment);
            await process.StandardInput.WriteLineAsync(Initialize.AsMemory(), cancellationToken);
            await process.StandardInput.FlushAsync(cancellationToken);
            await process.StandardOutput.ReadLineAsync(cancellationToken);
            var initialized = clock.Elapsed.TotalMilliseconds;
            await process.StandardInput.WriteLineAsync($"{Initialized}\n{(run == 0 ? Call("qdrant-store", "information", "Deploys go out on Tuesdays.") : Call("qdrant-find", "query", "When are deploys?"))}".AsMemory(), cancellationToken);
            await process.StandardInput.FlushAsync(cancellationToken);
            await process.StandardOutput.ReadLineAsync(cancellationToken);
            if (run > 0)
            {
                times.Add(initialized);
                finds.Add(clock.Elapsed.TotalMilliseconds);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
        }
        Console.WriteLine($"the first find answered after {Statistics.Median(finds):F0} ms ({finds.Min():F0} to {finds.Max():F0})");
        Console.WriteLine($"initialize answered after {Statistics.Median(times):F0} ms (median of {runs}; {times.Min():F0} to {times.Max():F0})");
        return 0;
    }
}
