using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;

namespace McpQdrant.Benchmarks.Soak;

/// <summary>Many calls of many callers, a few of which are made to hinder the others: what the others feel, and whether memory grows.</summary>
internal static class SoakCommand
{
    private const int Parts = 10;

    public static Command Create()
    {
        var calls = new Option<int>("--calls") { DefaultValueFactory = _ => 100_000 };
        var callers = new Option<int>("--callers") { DefaultValueFactory = _ => 50 };
        var poison = new Option<double>("--poison") { DefaultValueFactory = _ => 0.005, Description = "Which part of the calls is made to hinder the others." };
        var command = new Command("soak", "Calls over HTTP, half a percent of them poison, after as many as a fifth without. Goals: p99 of the others 3 times that without poison at most, no error, memory flat.")
        {
            calls, callers, poison,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(calls), parsed.GetValue(callers), parsed.GetValue(poison), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int calls, int callers, double poison, CancellationToken cancellationToken)
    {
        var (accessFile, keys) = SoakCaller.MakeKeys(callers);
        var (process, address) = await ServerUnderTest.StartHttpAsync(new()
        {
            ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder(),
            ["MCP_ACCESS_FILE"] = accessFile,
            ["MCP_RATE_LIMIT"] = "0",
            ["QDRANT_ALLOW_ARBITRARY_FILTER"] = "true",
            ["FASTMCP_LOG_LEVEL"] = "ERROR",
        });
        using var _ = process;
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = callers + 64 }) { Timeout = TimeSpan.FromMinutes(5) };
        var everyone = keys.Select((key, number) => new SoakCaller(http, address, key, number)).ToArray();
        try
        {
            await SoakPoison.PrepareAsync(everyone[0], cancellationToken);
            for (var i = 0; i < 1000; i++)
                await everyone[i % callers].StoreAsync(i, cancellationToken);

            var without = await PartAsync(everyone, process, "without poison", calls / 5, 0, cancellationToken);
            var with = new List<double>();
            for (var part = 1; part <= Parts; part++)
                with.Add((await PartAsync(everyone, process, $"part {part} of {Parts}", calls / Parts, poison, cancellationToken)).P99);

            Console.WriteLine($"p99 ratio {Statistics.Median(with) / without.P99:F2} (median of the parts), worst part {with.Max() / without.P99:F2}");
            return 0;
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<(double P99, long Resident)> PartAsync(
        SoakCaller[] callers, Process process, string name, int calls, double poison, CancellationToken cancellationToken)
    {
        var times = new ConcurrentBag<double>();
        var next = -1;
        var every = poison > 0 ? (int)(1 / poison) : int.MaxValue;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(callers.Select(async caller =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < calls;)
            {
                if (i % every == every - 1)
                {
                    await SoakPoison.CallNextAsync(caller, cancellationToken);
                    continue;
                }
                var start = Stopwatch.GetTimestamp();
                await (i % 10 == 0 ? caller.StoreAsync(i, cancellationToken) : caller.FindAsync(i, cancellationToken));
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }));

        process.Refresh();
        var (p50, p99) = (Statistics.Median(times), Statistics.Percentile(times, 0.99));
        Console.WriteLine(
            $"{name}: {calls} calls, {calls / every} of them poison, {calls / clock.Elapsed.TotalSeconds:F0} a second, p50 {p50:F0} ms, p99 {p99:F0} ms, longest {times.Max():F0} ms, {process.WorkingSet64 >> 20} MB resident");
        return (p99, process.WorkingSet64);
    }
}
