using System.CommandLine;
using System.Diagnostics;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Benchmarks.Store;

/// <summary>What a find costs beside the embedding of its question.</summary>
internal static class OverheadCommand
{
    public static Command Create()
    {
        var memories = new Option<int>("--memories") { DefaultValueFactory = _ => 10_000 };
        var words = new Option<int?>("--words") { Description = "Words of a memory; without it memories are abstracts, which the model reads whole." };
        var folder = new Option<string?>("--folder") { Description = "Where the memories are; filled if it is empty. Another build measured with it measures the same." };
        var command = new Command("overhead", "Time of a find beside its embedding, in the embedded store. Goal: 1 ms at 10,000 memories, 5 ms where they have 3,000 words.") { memories, words, folder };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(memories), parsed.GetValue(words), parsed.GetValue(folder) ?? ServerUnderTest.FreshFolder(), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int memories, int? words, string folder, CancellationToken cancellationToken)
    {
        foreach (var search in (string[])["dense", "keyword", "hybrid"])
        {
            await using var services = StoreUnderTest.Compose(search, folder);
            var layout = words is { } many
                ? await StoreUnderTest.FillLongAsync(services, memories, many, cancellationToken)
                : await StoreUnderTest.FillAsync(services, memories, cancellationToken);
            var find = services.GetRequiredService<FindMemories>();
            var embedder = services.GetRequiredService<ITextEmbedder>();
            var questions = StoreUnderTest.Questions();

            var (finds, embeddings) = (new List<double>(), new List<double>());
            for (var round = 0; round < 5; round++)
            {
                foreach (var question in questions)
                {
                    var start = Stopwatch.GetTimestamp();
                    if (search != "keyword")
                        await embedder.EmbedQueryAsync(question, cancellationToken);
                    var embedded = Stopwatch.GetTimestamp();
                    await find.HandleAsync(Caller.Local, new FindMemoriesRequest(layout.Name, question), cancellationToken);
                    if (round == 0)
                        continue;   // warms up
                    embeddings.Add(Stopwatch.GetElapsedTime(start, embedded).TotalMilliseconds);
                    finds.Add(Stopwatch.GetElapsedTime(embedded).TotalMilliseconds);
                }
            }
            double[] beside = [.. finds.Zip(embeddings, (whole, embedding) => whole - embedding)];
            Console.WriteLine(
                $"{search,-8} {memories:N0} memories: find {Statistics.Median(finds):F2} ms, embedding {Statistics.Median(embeddings):F2} ms, beside it {Statistics.Median(beside):F2} ms "
                + $"(medians of {finds.Count}; {Statistics.Percentile(beside, 0.1):F2} ms or less in a tenth, which tells more on a busy machine)");
            using var process = Process.GetCurrentProcess();
            Console.WriteLine($"         {process.WorkingSet64 / 1e6:F0} MB in this process");
        }
        return 0;
    }
}
