using System.CommandLine;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Benchmarks.Quality;

/// <summary>How good the answers are on questions with judged answers, through the tools of the real server.</summary>
internal static class QualityCommand
{
    private const string Collection = "quality";

    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            DefaultValueFactory = _ => "cranfield",
            Description = "cranfield (abstracts), cranfield-long (the same, ten to a memory), crosslang (questions in ten languages on English facts), or a folder with corpus.jsonl (_id, title, text), queries.jsonl (_id, text) and qrels.tsv (question, document, gain).",
        };
        var store = new Option<string>("--store") { DefaultValueFactory = _ => "embedded", Description = "embedded, or qdrant (at QDRANT_TEST_URL)." };
        store.AcceptOnlyFromAmong("embedded", "qdrant");
        var model = new Option<string?>("--model") { Description = "What EMBEDDING_MODEL is to be." };
        var modes = new Option<string[]>("--modes") { DefaultValueFactory = _ => ["dense", "keyword", "hybrid"], AllowMultipleArgumentsPerToken = true };

        var command = new Command("quality", "nDCG@10, Recall@10, MRR@10 and right first hits by way of searching.") { data, store, model, modes };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            Cranfield.Load(Path.Combine(AppContext.BaseDirectory, "Data", parsed.GetValue(data)!)),
            new(Environment(parsed.GetValue(store)!)) { ["EMBEDDING_MODEL"] = parsed.GetValue(model) },
            parsed.GetValue(modes)!,
            cancellationToken));
        return command;
    }

    private static Dictionary<string, string?> Environment(string store) => store == "embedded"
        ? new() { ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder() }
        : new()
        {
            ["QDRANT_URL"] = System.Environment.GetEnvironmentVariable("QDRANT_TEST_URL") ?? throw new InvalidOperationException("Set QDRANT_TEST_URL to the address of a Qdrant server."),
            ["QDRANT_API_KEY"] = System.Environment.GetEnvironmentVariable("QDRANT_TEST_API_KEY"),
        };

    private static async Task<int> RunAsync(Cranfield cranfield, Dictionary<string, string?> environment, string[] modes, CancellationToken cancellationToken)
    {
        var collection = $"{Collection}-{Guid.NewGuid():N}";
        await using (var server = await ServerUnderTest.OverStdioAsync(environment))
        {
            await Parallel.ForEachAsync(
                cranfield.Documents.Where(document => document.Value.Length > 0),
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                async (document, ct) => await CallAsync(server, "qdrant-store", new()
                {
                    ["information"] = document.Value,
                    ["collection_name"] = collection,
                    ["metadata"] = new Dictionary<string, string> { ["document"] = document.Key },
                }, ct));
        }
        Console.WriteLine($"{cranfield.Documents.Count} documents, {cranfield.Questions.Count} questions");
        Console.WriteLine("search     nDCG@10  Recall@10  MRR@10  right first");

        foreach (var mode in modes)
        {
            await using var server = await ServerUnderTest.OverStdioAsync(new(environment) { ["MEMORY_SEARCH"] = mode });
            var answers = new List<(IReadOnlyList<string>, IReadOnlyDictionary<string, int>)>();
            foreach (var (id, question) in cranfield.Questions)
            {
                if (cranfield.Judgements.TryGetValue(id, out var judgements))
                    answers.Add((await RankAsync(server, collection, question, cancellationToken), judgements));
            }
            var quality = RankingQuality.Of(answers);
            Console.WriteLine($"{mode,-10} {quality.Ndcg,7:F4}  {quality.Recall,9:F4}  {quality.Mrr,6:F4}  {quality.RightFirst} of {answers.Count}");
        }
        return 0;
    }

    private static async Task<IReadOnlyList<string>> RankAsync(McpClient server, string collection, string question, CancellationToken cancellationToken)
    {
        var found = await CallAsync(server, "qdrant-find", new() { ["query"] = question, ["collection_name"] = collection }, cancellationToken);
        return [.. found.GetProperty("results").EnumerateArray().Select(hit => hit.GetProperty("metadata").GetProperty("document").GetString()!)];
    }

    private static async Task<JsonElement> CallAsync(McpClient server, string tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        var result = await server.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
        return result.IsError == true
            ? throw new InvalidOperationException($"{tool} failed: {((TextContentBlock)result.Content[0]).Text}")
            : result.StructuredContent!.Value;
    }
}
