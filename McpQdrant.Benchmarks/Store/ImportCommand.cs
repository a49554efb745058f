using System.CommandLine;
using System.Diagnostics;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Benchmarks.Store;

/// <summary>What an import costs beside the embedding of its texts, and what a second core brings.</summary>
internal static class ImportCommand
{
    private const int Rounds = 5;
    private const int BatchSize = 64;

    public static Command Create()
    {
        var memories = new Option<int>("--memories") { DefaultValueFactory = _ => 10_000, Description = "Short texts that are imported, in five rounds." };
        var command = new Command("import", "Short memories imported a second, beside the rates of embedding them one by one and in batches. Goals: 1.8 times one core, 95 % of the batches.") { memories };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(memories), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int memories, CancellationToken cancellationToken)
    {
        await using var services = StoreUnderTest.Compose("hybrid");
        var collection = CollectionName.Parse("imported");
        var (_, _, embedder) = await services.GetRequiredService<CollectionCatalog>().GetOrCreateAsync(collection, cancellationToken);
        var import = services.GetRequiredService<ImportIntoCollection>();
        var (beside, gained) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            string[] texts = [.. Enumerable.Range(0, memories / Rounds).Select(i => $"Round {round}, note {i}: the deployment of service {i * 37 % 1009} goes by way of host {i * 17 % 97}")];
            var one = await RateAsync(texts.Length / 4, async () =>
            {
                foreach (var text in texts.Take(texts.Length / 4))
                    await embedder.EmbedDocumentAsync(text, cancellationToken);
            });
            var many = await RateAsync(texts.Length, async () =>
            {
                foreach (var batch in texts.Chunk(BatchSize))
                    await embedder.EmbedDocumentsAsync(batch, cancellationToken);
            });
            var entries = texts.Select(text => (ImportEntry)new ImportEntry.Item("", new ImportedMemory(text, Metadata: null))).ToAsyncEnumerable();
            var imported = await RateAsync(texts.Length, () =>
                import.HandleAsync(Caller.Local, new ImportIntoCollectionRequest(collection, entries, UnwatchedProgress.Instance), cancellationToken));
            if (round == 0)
                continue;   // warms up

            beside.Add(imported / many);
            gained.Add(imported / one);
            Console.WriteLine($"embedded one by one {one:F0}/s, in batches {many:F0}/s; imported {imported:F0}/s");
        }
        Console.WriteLine($"import: {Statistics.Median(gained):F2} times one by one, {Statistics.Median(beside):P0} of the batches (medians of {Rounds})");
        return 0;
    }

    private static async Task<double> RateAsync(int texts, Func<Task> act)
    {
        var start = Stopwatch.GetTimestamp();
        await act();
        return texts / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
