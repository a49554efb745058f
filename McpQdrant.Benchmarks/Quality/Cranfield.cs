using System.Globalization;
using System.Text.Json;

namespace McpQdrant.Benchmarks.Quality;

/// <summary>Documents, questions and judgements in the BEIR layout.</summary>
internal sealed record Cranfield(
    IReadOnlyDictionary<string, string> Documents,
    IReadOnlyDictionary<string, string> Questions,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Judgements)
{
    public static Cranfield Load(string folder) => new(
        Lines(Path.Combine(folder, "corpus.jsonl")).ToDictionary(line => Text(line, "_id"), line => $"{Text(line, "title")} {Text(line, "text")}".Trim()),
        Lines(Path.Combine(folder, "queries.jsonl")).ToDictionary(line => Text(line, "_id"), line => Text(line, "text")),
        File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1).Select(line => line.Split('\t'))
            .GroupBy(fields => fields[0])
            .ToDictionary(
                question => question.Key,
                question => (IReadOnlyDictionary<string, int>)question.ToDictionary(fields => fields[1], fields => int.Parse(fields[2], CultureInfo.InvariantCulture))));

    private static IEnumerable<JsonElement> Lines(string file) => File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;
}
