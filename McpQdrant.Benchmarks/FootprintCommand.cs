using System.CommandLine;
using System.Diagnostics;
using McpQdrant.Benchmarks.Quality;

namespace McpQdrant.Benchmarks;

/// <summary>What the server takes of the machine's memory, before and after it has answered with memories of its own.</summary>
internal static class FootprintCommand
{
    private const int Finds = 200;

    public static Command Create()
    {
        var command = new Command("footprint", "Resident memory with 1,400 memories: over stdio after the start and after 200 finds, and over HTTP. Goals: 45, 100, 120 MB.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var cranfield = Cranfield.Load(Path.Combine(AppContext.BaseDirectory, "Data", "cranfield"));
        string[] texts = [.. cranfield.Documents.Values.Where(text => text.Length > 0)];
        string[] questions = [.. cranfield.Questions.Values.Concat(cranfield.Questions.Values).Take(Finds)];
        var environment = new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder(), ["MCP_RATE_LIMIT"] = "0", ["COLLECTION_NAME"] = "footprint" };
        await OverStdioAsync(environment, "qdrant-store", "information", texts, cancellationToken);

        var (start, after) = await OverStdioAsync(environment, "qdrant-find", "query", questions, cancellationToken);
        Console.WriteLine($"stdio: {start / 1e6:F0} MB after the start, {after / 1e6:F0} MB after {Finds} finds with {texts.Length} memories");
        (start, after) = await OverHttpAsync(environment, questions, cancellationToken);
        Console.WriteLine($"HTTP: {start / 1e6:F0} MB after the start, {after / 1e6:F0} MB after {Finds} finds");
        return 0;
    }

    /// <returns>Bytes resident in a fresh process before and after the calls.</returns>
    private static async Task<(long Start, long After)> OverStdioAsync(
        Dictionary<string, string?> environment, string tool, string argument, IEnumerable<string> values, CancellationToken cancellationToken)
    {
        using var process = ServerUnderTest.StartStdio(environment);
        await AskAsync(StartupCommand.Initialize);
        await process.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        var before = await SettledAsync(process, cancellationToken);
        foreach (var value in values)
            await AskAsync(StartupCommand.Call(tool, argument, value));
        var after = await SettledAsync(process, cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return (before, after);

        async Task AskAsync(string message)
        {
            await process.StandardInput.WriteLineAsync(message);
            await process.StandardInput.FlushAsync(cancellationToken);
            if (await process.StandardOutput.ReadLineAsync(cancellationToken) is not { } answer || answer.Contains("\"isError\":true", StringComparison.Ordinal))
                throw new InvalidOperationException("A call failed.");
        }
    }

    private static async Task<(long Start, long After)> OverHttpAsync(Dictionary<string, string?> environment, IEnumerable<string> questions, CancellationToken cancellationToken)
    {
        var (process, address) = await ServerUnderTest.StartHttpAsync(environment);
        using var _ = process;
        try
        {
            var before = await SettledAsync(process, cancellationToken);
            await using var client = await ServerUnderTest.OverHttpAsync(address);
            foreach (var question in questions)
                await client.CallToolAsync("qdrant-find", new Dictionary<string, object?> { ["query"] = question }, cancellationToken: cancellationToken);
            return (before, await SettledAsync(process, cancellationToken));
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<long> SettledAsync(Process process, CancellationToken cancellationToken)
    {
        // What runs in the background at the start is done by then.
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        process.Refresh();
        return process.WorkingSet64;
    }
}
