using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Qdrant;

/// <summary>The stand-in's rankings against the recorded ones: 1,000 vectors, 360 searches and 84 fusions.</summary>
public sealed class StandInSearchTests
{
    private static readonly Lazy<StandInApi> Vectors = new(Fill);

    [Fact]
    public void Searches_find_what_the_recorded_server_found() => AssertAll("search/cases.jsonl", 360);

    [Fact]
    public void Fusions_score_as_the_recorded_server_did() => AssertAll("search/fusion-cases.jsonl", 84);

    private static void AssertAll(string file, int count)
    {
        var cases = RecordedExchange.Lines(file).ToList();

        Assert.Equal(count, cases.Count);
        Assert.All(cases, each =>
        {
            var answer = Vectors.Value.Answer(
                "POST", "/collections/search/points/query", Encoding.UTF8.GetBytes(each.GetProperty("request").GetRawText()), key: null);

            Assert.Equal(200, answer.Status);
            AssertSame(
                Hits(each.GetProperty("result")),
                Hits(JsonElement.Parse(answer.Body!).GetProperty("result").GetProperty("points")),
                isInOrder: each.GetProperty("kind").GetString() == "mmr");
        });
    }

    /// <summary>Equal scores come in any order, so a hit is looked up by its id; by maximal marginal relevance the order is the result.</summary>
    private static void AssertSame(IReadOnlyList<(int Id, double Score)> recorded, IReadOnlyList<(int Id, double Score)> found, bool isInOrder)
    {
        Assert.Equal(recorded.Select(hit => hit.Id).Order(), found.Select(hit => hit.Id).Order());
        if (isInOrder)
            Assert.Equal(recorded.Select(hit => hit.Id), found.Select(hit => hit.Id));
        Assert.All(recorded, hit => Assert.Equal(hit.Score, found.Single(other => other.Id == hit.Id).Score, 1e-5));
    }

    private static List<(int Id, double Score)> Hits(JsonElement points) =>
        [.. points.EnumerateArray().Select(point => (point.GetProperty("id").GetInt32(), point.GetProperty("score").GetDouble()))];

    private static StandInApi Fill()
    {
        var api = new StandInApi(new Dictionary<string, StandInAccess>());
        var points = new JsonArray([.. RecordedExchange.Lines("search/vectors.jsonl").Select(line => new JsonObject
        {
            ["id"] = line.GetProperty("id").GetInt32(),
            ["vector"] = new JsonObject { ["dense"] = JsonNode.Parse(line.GetProperty("vector").GetRawText()) },
            ["payload"] = JsonNode.Parse(line.GetProperty("payload").GetRawText()),
        })]);
        api.Answer("PUT", "/collections/search", """{"vectors":{"dense":{"size":32,"distance":"Cosine"}}}"""u8.ToArray(), key: null);
        api.Answer("PUT", "/collections/search/points?wait=true", Encoding.UTF8.GetBytes(new JsonObject { ["points"] = points }.ToJsonString()), key: null);
        return api;
    }
}
