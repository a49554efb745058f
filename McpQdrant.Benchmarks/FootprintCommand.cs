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
        var cranfield = Cranfield.Load(data);
        var environment = new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder(), ["MCP_RATE_LIMIT"] = "0" };

        var texts = cranfield.Documents.Values.Where(text => text.Length > 0);
        await RunAsync(environment, "qdrant-store", "information", texts, cancellationToken);
        var resident = await RunAsync(environment, "qdrant-find", "query", cranfield.Questions.Values.Concat(cranfield.Questions.Values).Take(200), cancellationToken);

        Console.WriteLine($"{resident / 1024.0 / 1024:F0} MB resident after 200 finds with {cranfield.Documents.Count} memories");
        return 0;
    }

    /// <returns>Bytes resident in a fresh process after the calls.</returns>
    private static async Task<long> RunAsync(Dictionary<string, string?> environment, string tool, string argument, IEnumerable<string> values, CancellationToken cancellationToken)
    {
        var (process, address) = await ServerUnderTest.StartHttpAsync(environment);
        using var _ = process;
        try
        {
            await using var client = await ServerUnderTest.OverHttpAsync(address);
            foreach (var value in values)
                await client.CallToolAsync(tool, new Dictionary<string, object?> { [argument] = value, ["collection_name"] = "footprint" }, cancellationToken: cancellationToken);

            process.Refresh();
            return process.WorkingSet64;
        }
        finally
        {
            process.Kill();
        }
    }
}
