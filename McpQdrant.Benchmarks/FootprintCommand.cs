using System.CommandLine;
using McpQdrant.Benchmarks.Quality;

namespace McpQdrant.Benchmarks;

/// <summary>What the server takes of the machine's memory once it has memories of its own and has answered.</summary>
internal static class FootprintCommand
{
    public static Command Create()
    {
        var command = new Command("footprint", "Resident memory after 200 finds with 1,400 memories. Goal: 150 MB.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var data = Path.Combine(AppContext.BaseDirectory, "Data", "cranfield");
        var cranfield = Cranfield.Load(Path.Combine(data, "corpus.jsonl"), Path.Combine(data, "queries.jsonl"), Path.Combine(data, "qrels.tsv"));
        var (process, address) = await ServerUnderTest.StartHttpAsync(new() { ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder(), ["MCP_RATE_LIMIT"] = "0" });
        using var _ = process;
        try
        {
            await using var client = await ServerUnderTest.OverHttpAsync(address);
            foreach (var text in cranfield.Documents.Values.Where(text => text.Length > 0))
                await client.CallToolAsync("qdrant-store", new Dictionary<string, object?> { ["information"] = text, ["collection_name"] = "footprint" }, cancellationToken: cancellationToken);
            foreach (var question in cranfield.Questions.Values.Concat(cranfield.Questions.Values).Take(200))
                await client.CallToolAsync("qdrant-find", new Dictionary<string, object?> { ["query"] = question, ["collection_name"] = "footprint" }, cancellationToken: cancellationToken);

            process.Refresh();
            Console.WriteLine($"{process.WorkingSet64 / 1024.0 / 1024:F0} MB resident after 200 finds with {cranfield.Documents.Count} memories (peak {process.PeakWorkingSet64 / 1024.0 / 1024:F0} MB)");
            return 0;
        }
        finally
        {
            process.Kill();
        }
    }
}
