using System.CommandLine;
using System.Diagnostics;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Benchmarks.Store;

/// <summary>What a selective filter costs, and what a memory takes of the machine's.</summary>
internal static class FilterCommand
{
    private const int Rounds = 60;

    public static Command Create()
    {
        var memories = new Option<int>("--memories") { DefaultValueFactory = _ => 100_000 };
        var command = new Command("filters", "A find with a filter that keeps 1 % against one without, and bytes a memory. Goals: 2 times at most, 3 KB.") { memories };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(memories), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int memories, CancellationToken cancellationToken)
    {
        await using var services = StoreUnderTest.Compose("dense");
        var layout = await StoreUnderTest.FillAsync(services, memories, cancellationToken);
        var store = services.GetRequiredService<IMemoryStore>();
        var before = Resident();

        var random = new Random(2);
        SearchRequest Search(Filter? filter) =>
            new() { Vector = new SemanticVector.Embedded(StoreUnderTest.RandomDirection(layout.VectorSize, random)), Limit = 10, Filter = filter };
        await store.SearchAsync(layout, Search(null), cancellationToken);   // loads
        Console.WriteLine($"{memories:N0} memories: {(Resident() - before) / memories:N0} bytes each in this process");

        var onePercent = new Filter { Must = [Condition.Match("metadata.project", "project-7")] };
        var (plain, filtered) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            plain.Add(await TimeAsync(Search(null)));
            filtered.Add(await TimeAsync(Search(onePercent)));
        }
        Console.WriteLine($"find without a filter {Statistics.Median(plain):F2} ms, with one that keeps 1 % {Statistics.Median(filtered):F2} ms, ratio {Statistics.Median(filtered.Zip(plain, (with, without) => with / without)):F2}");
        return 0;

        async Task<double> TimeAsync(SearchRequest search)
        {
            var start = Stopwatch.GetTimestamp();
            await store.SearchAsync(layout, search, cancellationToken);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static long Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
