using System.CommandLine;
using System.Diagnostics;
using ModelContextProtocol.Client;

namespace McpQdrant.Benchmarks;

/// <summary>Finds a second over HTTP: one caller against many, in turn, so that the ratio holds on a noisy machine.</summary>
internal static class LoadCommand
{
    private static readonly string[] Words = ["deployment", "database", "invoice", "holiday", "password", "printer", "meeting", "recipe", "garden", "compiler"];

    public static Command Create()
    {
        var callers = new Option<int>("--callers") { DefaultValueFactory = _ => 16 };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 5, Description = "Length of each of the six rounds." };
        var command = new Command("load", "Finds a second over HTTP with one caller and with many. Goal: 1.8 times as many on 2 cores, no error.") { callers, seconds };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(callers), TimeSpan.FromSeconds(parsed.GetValue(seconds))));
        return command;
    }

    private static async Task<int> RunAsync(int callers, TimeSpan length)
    {
        var (process, address) = await ServerUnderTest.StartHttpAsync(new()
        {
            ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder(),
            ["EMBEDDING_CACHE_SIZE"] = "0",
            ["MCP_RATE_LIMIT"] = "0",
        });
        using var _ = process;
        try
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => ServerUnderTest.OverHttpAsync(address)));
            for (var i = 0; i < 200; i++)
                await clients[0].CallToolAsync("qdrant-store", Arguments("information", $"Note {i} about the {Words[i % Words.Length]} and the {Words[i / Words.Length % Words.Length]}"));
            await FindsPerSecondAsync(clients, length / 2);   // warms up

            var ratios = new List<double>();
            for (var round = 0; round < 3; round++)
            {
                var one = await FindsPerSecondAsync(clients[..1], length);
                var many = await FindsPerSecondAsync(clients, length);
                ratios.Add(many / one);
                Console.WriteLine($"one caller {one:F0} finds/s, {callers} callers {many:F0} finds/s, ratio {many / one:F2}");
            }
            Console.WriteLine($"ratio {Statistics.Median(ratios):F2} (median of 3), no error");
            return 0;
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<double> FindsPerSecondAsync(IReadOnlyList<McpClient> clients, TimeSpan length)
    {
        var finds = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select(async (client, caller) =>
        {
            for (var i = 0; clock.Elapsed < length; i++)
            {
                var result = await client.CallToolAsync("qdrant-find", Arguments("query", $"What was said about the {Words[(i + caller) % Words.Length]}, part {i}?"));
                if (result.IsError == true)
                    throw new InvalidOperationException($"A find failed: {result.Content[0]}");
                Interlocked.Increment(ref finds);
            }
        }));
        return finds / clock.Elapsed.TotalSeconds;
    }

    private static Dictionary<string, object?> Arguments(string name, string value) => new() { [name] = value, ["collection_name"] = "load" };
}
