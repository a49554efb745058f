using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Benchmarks.Store;

/// <summary>What the log of changes costs: the same stores, updates and deletions with it and without, one after the other.</summary>
internal static class HistoryCommand
{
    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    public static Command Create()
    {
        var memories = new Option<int>("--memories") { DefaultValueFactory = _ => 500, Description = "Memories that are stored, updated and deleted with each." };
        var command = new Command("history", "Stores, updates and deletions in the embedded store with the log of changes, beside the same without. Goals: a store 1.02, an update and a deletion 1.5.") { memories };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(memories), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int memories, CancellationToken cancellationToken)
    {
        await using var with = StoreUnderTest.Compose("hybrid", settings: ("MEMORY_HISTORY", "30d"));
        await using var without = StoreUnderTest.Compose("hybrid", settings: ("MEMORY_HISTORY", "off"));
        var ids = new MemoryId[memories];

        await CompareAsync("store", async (services, i) =>
            ids[i] = (await services.GetRequiredService<StoreMemory>().HandleAsync(Caller.Local, new StoreMemoryRequest(Notes, $"Note {i} about host {i * 17 % 97}"), cancellationToken)).Id);
        await CompareAsync("update of the text", (services, i) =>
            services.GetRequiredService<UpdateMemory>().HandleAsync(Caller.Local, new UpdateMemoryRequest(Notes, ids[i], $"Note {i} about service {i * 37 % 1009}"), cancellationToken));
        await CompareAsync("update of the metadata", (services, i) =>
            services.GetRequiredService<UpdateMemory>().HandleAsync(Caller.Local, new UpdateMemoryRequest(Notes, ids[i], Metadata: JsonElement.Parse($$"""{"number": {{i}}}""")), cancellationToken));
        await CompareAsync("deletion", (services, i) =>
            services.GetRequiredService<ForgetMemories>().HandleAsync(Caller.Local, new ForgetMemoriesRequest(Notes, [ids[i]]), cancellationToken));
        return 0;

        async Task CompareAsync(string name, Func<ServiceProvider, int, Task> act)
        {
            var (logged, plain) = (new List<double>(), new List<double>());
            for (var i = 0; i < memories; i++)
            {
                // In turn, since the second one may find a cache warm.
                foreach (var isLogged in i % 2 == 0 ? (bool[])[true, false] : [false, true])
                {
                    var start = Stopwatch.GetTimestamp();
                    await act(isLogged ? with : without, i);
                    (isLogged ? logged : plain).Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
            Console.WriteLine(
                $"{name,-22} {Statistics.Median(logged):F2} ms with the log, {Statistics.Median(plain):F2} ms without: {Statistics.Median(logged) / Statistics.Median(plain):F2} (medians of {memories})");
        }
    }
}
