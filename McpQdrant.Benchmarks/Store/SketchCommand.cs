using System.CommandLine;
using System.Diagnostics;
using McpQdrant.Benchmarks.Quality;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Passages;
using McpQdrant.Stores.Sqlite.Index;
using McpQdrant.Stores.Sqlite.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Benchmarks.Store;

/// <summary>How exact the embedded store's search of passages is: by their sketches first, beside a look at each vector.</summary>
internal static class SketchCommand
{
    private const int Limit = 10;
    private const int PassagesOfAMemory = 36;

    public static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "What EMBEDDING_MODEL is to be." };
        var memories = new Option<int>("--memories") { DefaultValueFactory = _ => 5_000, Description = "Memories whose passages are mixed of real ones; the real ones are measured besides." };
        var command = new Command("sketches", "How many of the ten nearest long memories are found by sketches. Goal: 99.9 %.") { model, memories };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(model), parsed.GetValue(memories), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? model, int memories, CancellationToken cancellationToken)
    {
        await using var services = StoreUnderTest.Compose("dense", model: model);
        var embedder = services.GetRequiredService<ITextEmbedder>();
        var data = Cranfield.Load(Path.Combine(AppContext.BaseDirectory, "Data", "cranfield-long"));
        var real = new List<float[][]>();
        foreach (var text in data.Documents.Values)
            real.Add([.. (await embedder.EmbedDocumentsAsync(PassageCutter.ForModel(text, PassageCutter.Cut(text)), cancellationToken)).Select(Values)]);
        var questions = new List<IndexQuestion>();
        foreach (var question in data.Questions.Values)
            questions.Add(IndexQuestion.Of(Values(await embedder.EmbedQueryAsync(question, cancellationToken)), _ => null));

        Measure("real", real, questions, cancellationToken);
        float[][] directions = [.. real.SelectMany(passages => passages)];
        var random = new Random(1);
        Measure(
            "mixed",
            Enumerable.Range(0, memories).Select(_ => Enumerable.Range(0, PassagesOfAMemory).Select(_ => StoreUnderTest.Mixed(directions, random)).ToArray()),
            questions,
            cancellationToken);
        return 0;
    }

    private static void Measure(string name, IEnumerable<float[][]> memories, List<IndexQuestion> questions, CancellationToken cancellationToken)
    {
        var index = new CollectionIndex(questions[0].Vector.Length, averageLength: 100);
        foreach (var (number, passages) in memories.Index())
        {
            var memory = new IndexedMemory { Id = new MemoryId((ulong)number), Row = number + 1, StoredAt = null, FirstStoredAt = null, Metadata = default, HasVector = true };
            index.Add(memory, passages[0], words: 1, [.. passages.SelectMany(passage => Row(passage))]);
        }

        var (right, bySketches, byAll) = (0, new List<double>(), new List<double>());
        foreach (var question in questions)
        {
            var start = Stopwatch.GetTimestamp();
            var found = index.Nearest(question, Limit, threshold: null, filter: null, isExact: true, cancellationToken);
            var between = Stopwatch.GetTimestamp();
            var last = Enumerable.Range(0, index.Size).Select(slot => index.Similarity(question, slot)!.Value).OrderDescending().ElementAt(Limit - 1);
            byAll.Add(Stopwatch.GetElapsedTime(between).TotalMilliseconds);
            bySketches.Add(Stopwatch.GetElapsedTime(start, between).TotalMilliseconds);
            right += found.Count(hit => hit.Score >= last);
        }
        Console.WriteLine(
            $"{name,-6} {index.Count:N0} memories, {index.Passages.Count:N0} passages: {right:N0} of the {questions.Count * Limit:N0} nearest found, "
            + $"{Statistics.Median(bySketches):F2} ms; {Statistics.Median(byAll):F2} ms on one core by all vectors");
    }

    private static float[] Values(TextEmbedding embedding) => ((SemanticVector.Embedded)embedding.Vector).Values.ToArray();

    private static byte[] Row(float[] vector)
    {
        var row = new byte[StoredPassages.RowSize(vector.Length)];
        StoredPassages.Quantize(vector, row);
        return row;
    }
}
