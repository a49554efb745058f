using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Benchmarks.Store;

/// <summary>How long a find takes where there are many collections, while others store memories and make collections.</summary>
internal static class CollectionsCommand
{
    private const int Writers = 4;
    private const int Size = 384;

    // Every tenth write goes to a new collection.
    private const int WritesOfCollection = 10;

    public static Command Create()
    {
        var collections = new Option<int>("--collections") { DefaultValueFactory = _ => 10_000 };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 30 };
        var command = new Command("collections", "Finds beside four writers in a folder of many collections. Goal: p99 below 50 ms at 10,000, and no failure.") { collections, seconds };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(collections), parsed.GetValue(seconds), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int collections, int seconds, CancellationToken cancellationToken)
    {
        await using var services = StoreUnderTest.Compose("hybrid");
        var store = services.GetRequiredService<IMemoryStore>();
        var questions = StoreUnderTest.Questions();
        var filled = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, collections, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken }, async (i, token) =>
        {
            await store.CreateAsync(Spec(i), token);
            await store.UpsertAsync(Layout(i), [Memory(questions[i % questions.Count], new Random(i))], token);
        });
        Console.WriteLine($"{collections:N0} collections made in {Stopwatch.GetElapsedTime(filled).TotalSeconds:F0} s");

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        var (made, written) = (collections, 0);
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            while (!stop.IsCancellationRequested)
            {
                var to = random.Next(collections);
                if (random.Next(WritesOfCollection) == 0)
                    await store.CreateAsync(Spec(to = Interlocked.Increment(ref made)), cancellationToken);
                await store.UpsertAsync(Layout(to), [Memory(questions[random.Next(questions.Count)], random)], cancellationToken);
                Interlocked.Increment(ref written);
            }
        }, cancellationToken)).ToList();

        var times = new List<double>();
        for (var random = new Random(99); !stop.IsCancellationRequested;)
        {
            var search = new SearchRequest
            {
                Vector = new SemanticVector.Embedded(StoreUnderTest.RandomDirection(Size, random)),
                Keywords = questions[random.Next(questions.Count)],
                Limit = 10,
            };
            var start = Stopwatch.GetTimestamp();
            await store.SearchAsync(Layout(random.Next(collections)), search, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        await Task.WhenAll(writers);

        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{times.Count:N0} finds beside {written:N0} writes and {made - collections:N0} new collections: median {Statistics.Median(times):F2} ms, " +
            $"p99 {Statistics.Percentile(times, 0.99):F2} ms, longest {times.Max():F0} ms; {process.WorkingSet64 / 1_000_000} MB in this process");
        return 0;
    }

    private static CollectionSpec Spec(int number) => new() { Name = Name(number), Model = new EmbeddingIdentity("local", "benchmark/random", Size) };

    private static CollectionLayout Layout(int number) => new()
    {
        Name = Name(number),
        VectorName = Spec(number).Model.VectorName,
        VectorSize = Size,
        Distance = Distance.Cosine,
        Keywords = Bm25Options.Default,
    };

    private static CollectionName Name(int number) => CollectionName.Parse($"collection-{number}");

    private static StoredMemory Memory(string text, Random random) => new(
        new Memory(new MemoryId((ulong)random.NextInt64()), text, JsonElement.Parse("""{"kind": "fact"}"""), DateTimeOffset.UnixEpoch),
        new SemanticVector.Embedded(StoreUnderTest.RandomDirection(Size, random)));
}
