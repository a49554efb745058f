using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;

namespace McpQdrant.Benchmarks.Soak;

/// <summary>Calls to a server that runs elsewhere, counted: for what is done to it meanwhile.</summary>
internal static class CallsCommand
{
    /// <summary>How many failures are told in full.</summary>
    private const int ToldFailures = 5;

    public static Command Create()
    {
        var url = new Option<string>("--url") { Required = true, Description = "The server's MCP address; its key is in MCP_API_KEY." };
        var calls = new Option<int>("--calls") { DefaultValueFactory = _ => 20_000 };
        var callers = new Option<int>("--callers") { DefaultValueFactory = _ => 16 };
        var command = new Command("calls", "Calls to a server that runs elsewhere, one in ten a store, none repeated. Goal: none fails.") { url, calls, callers };
        command.SetAction((parsed, cancellationToken) => RunAsync(new Uri(parsed.GetValue(url)!), parsed.GetValue(calls), parsed.GetValue(callers), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, int calls, int callers, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers }) { Timeout = TimeSpan.FromMinutes(1) };
        var key = Environment.GetEnvironmentVariable("MCP_API_KEY") ?? throw new InvalidOperationException("MCP_API_KEY is not set.");
        var everyone = Enumerable.Range(0, callers).Select(number => new SoakCaller(http, url, key, number)).ToArray();
        var times = new ConcurrentBag<double>();
        var failures = new ConcurrentBag<string>();
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(everyone.Select(async caller =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < calls;)
            {
                var start = Stopwatch.GetTimestamp();
                try
                {
                    await (i % 10 == 0 ? caller.StoreAsync(i, cancellationToken) : caller.FindAsync(i, cancellationToken));
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
                catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException)
                {
                    failures.Add($"call {i} after {clock.Elapsed.TotalSeconds:F1} s: {failure.Message}");
                }
            }
        }));

        foreach (var failure in failures.Take(ToldFailures))
            Console.Error.WriteLine(failure);
        Console.WriteLine(
            $"{failures.Count} failed of {calls} calls; {calls / clock.Elapsed.TotalSeconds:F0} a second, p50 {Statistics.Median(times):F0} ms, p99 {Statistics.Percentile(times, 0.99):F0} ms, longest {times.Max():F0} ms");
        return failures.IsEmpty ? 0 : 1;
    }
}
