using System.CommandLine;
using System.Diagnostics;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Memories;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Benchmarks.Store;

/// <summary>What a find of the library adds to the use case that the server's doors call.</summary>
internal static class LibraryCommand
{
    private const int Rounds = 6;

    public static Command Create()
    {
        var memories = new Option<int>("--memories") { DefaultValueFactory = _ => 10_000 };
        var command = new Command("library", "Time of IMemories.FindAsync against that of the server's use case, over one embedded store, without the embedding. Goal: 1.1 times at most at 10,000 memories.") { memories };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(memories), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int memories, CancellationToken cancellationToken)
    {
        var folder = ServerUnderTest.FreshFolder();
        // Each question is embedded in the first round; later both take it from their caches.
        await using var server = StoreUnderTest.Compose("hybrid", folder, model: null, ("EMBEDDING_CACHE_SIZE", "1000"));
        var layout = await StoreUnderTest.FillAsync(server, memories, cancellationToken);
        await using var library = new ServiceCollection().AddMemory(memory => memory.UseSqlite(folder).UseLocalModel()).BuildServiceProvider();
        var (useCase, inProcess) = (server.GetRequiredService<FindMemories>(), library.GetRequiredService<IMemories>());
        var options = new FindOptions { Collection = layout.Name.Value };

        var (ofServer, ofLibrary) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var question in StoreUnderTest.Questions())
            {
                // By turns, so that neither has the better processor.
                var begin = Stopwatch.GetTimestamp();
                await useCase.HandleAsync(Caller.Local, new FindMemoriesRequest(layout.Name, question), cancellationToken);
                var between = Stopwatch.GetTimestamp();
                await inProcess.FindAsync(question, options, cancellationToken);
                if (round == 0)
                    continue;
                ofServer.Add(Stopwatch.GetElapsedTime(begin, between).TotalMilliseconds);
                ofLibrary.Add(Stopwatch.GetElapsedTime(between).TotalMilliseconds);
            }
        }
        var (one, other) = (Statistics.Median(ofServer), Statistics.Median(ofLibrary));
        Console.WriteLine($"{memories:N0} memories: use case {one:F3} ms, IMemories {other:F3} ms, {other / one:F2} times (medians of {ofServer.Count})");
        return other <= one * 1.1 ? 0 : 1;
    }
}
