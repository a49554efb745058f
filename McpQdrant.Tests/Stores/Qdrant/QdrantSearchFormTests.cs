using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Searches of more than one part: their requests against the recorded forms, their results against the recorded data.</summary>
public sealed class QdrantSearchFormTests
{
    private static readonly float[] Question = [0.9805806756909201f, 0.19611613513818402f, 0, 0];

    private static readonly CollectionLayout Collection = new()
    {
        Name = CollectionName.Parse("hybrid-memories"),
        VectorName = "fast-all-minilm-l6-v2",
        VectorSize = 4,
        Distance = Distance.Cosine,
        Keywords = new Bm25Options(256, "english"),
    };

    private static readonly SearchRequest Meaning = new() { Vector = new SemanticVector.Embedded(Question), Limit = 3 };

    private static readonly SearchRequest Both = Meaning with { Keywords = "kubernetes deployment" };

    private static readonly Recency Week = new(TimeSpan.FromDays(7), new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));

    private readonly StandInHandler _qdrant = StandInHandler.After("hybrid", "upsert, BM25 by the server");

    [Fact]
    public async Task Hybrid_asks_as_was_recorded_and_fuses_as_was_recorded()
    {
        var recorded = RecordedExchange.Find("hybrid", "fusion dbsf");

        var found = await SearchAsync(Both with { Limit = 8 });

        Assert.True(JsonNode.DeepEquals(RequestMeaning.Of(recorded.Body), Asked(0)), Asked(0).ToJsonString());
        var expected = recorded.Result.GetProperty("points").EnumerateArray().ToList();
        Assert.Equal(expected.Select(point => point.GetProperty("id").ToString()), found.Select(hit => hit.Memory.Id.ToString()));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.GetProperty("score").GetDouble(), pair.Second.Score, 1e-5));
    }

    [Fact]
    public async Task Hybrid_tells_similarity_and_rank_by_words_of_each_hit_in_one_request()
    {
        var dense = RecordedExchange.Find("hybrid", "dense alone").Result.GetProperty("points").EnumerateArray();
        var words = RecordedExchange.Find("hybrid", "sparse query by text").Result.GetProperty("points").EnumerateArray()
            .Select(point => point.GetProperty("id").ToString()).ToList();

        var found = await SearchAsync(Both with { Limit = 8 });

        Assert.Single(_qdrant.Requests);
        var similarities = dense.ToDictionary(point => point.GetProperty("id").ToString(), point => point.GetProperty("score").GetDouble());
        Assert.All(found, hit =>
        {
            Assert.Equal(similarities[hit.Memory.Id.ToString()], hit.Similarity!.Value, 1e-5);
            Assert.Equal(words.IndexOf(hit.Memory.Id.ToString()) is var rank and >= 0 ? rank + 1 : null, hit.KeywordRank);
        });
    }

    [Fact]
    public async Task Hybrid_finds_memories_without_keywords()
    {
        _qdrant.Send("PUT", "/collections/hybrid-memories/points?wait=true", """{"points":[{"id":99,"vector":{"fast-all-minilm-l6-v2":[1,0.2,0,0]},"payload":{"document":"by Python"}}]}""");

        var found = await SearchAsync(Both with { Limit = 9 });

        var hit = Assert.Single(found, hit => hit.Memory.Id == new MemoryId(99));
        Assert.Null(hit.KeywordRank);
        Assert.Equal(0.99998, hit.Similarity!.Value, 1e-4);
    }

    [Fact]
    public async Task Hybrid_does_not_hold_what_words_alone_find_to_the_threshold()
    {
        var found = await SearchAsync(Both with { Limit = 8, SimilarityThreshold = 0.9 });

        Assert.Equal(["1", "2", "4", "8"], found.Select(hit => hit.Memory.Id.ToString()).Order());
        Assert.Equal(0.22237, found.Single(hit => hit.Memory.Id == new MemoryId(8)).Similarity!.Value, 1e-4);
    }

    [Fact]
    public async Task Hybrid_of_distances_is_fused_by_rank()
    {
        await SearchAsync(Both, Collection with { Distance = Distance.Euclid });

        Assert.Equal("""{"rrf":{"k":"60"}}""", Asked(0)["query"]!.ToJsonString());
    }

    [Fact]
    public async Task Words_alone_rank_in_the_recorded_order()
    {
        var recorded = RecordedExchange.Find("hybrid", "sparse query by text");

        var found = await SearchAsync(Both with { Vector = null, Limit = 4 });

        Assert.Equal(recorded.Result.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").ToString()), found.Select(hit => hit.Memory.Id.ToString()));
        Assert.Equal([1, 2, 3, 4], found.Select(hit => hit.KeywordRank!.Value));
        Assert.All(found, hit => Assert.Null(hit.Similarity));
    }

    [Fact]
    public async Task Words_alone_need_a_collection_with_keywords()
    {
        var failure = await Assert.ThrowsAsync<MemoryException>(() => SearchAsync(Both with { Vector = null }, Collection with { Keywords = null }));

        Assert.Contains("mcp-server-qdrant upgrade hybrid-memories", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recency_halves_the_score_a_half_life_and_takes_memories_without_a_time_for_new()
    {
        var found = await SearchAsync(Meaning with { Recency = Week, Limit = 8 });

        Assert.Single(_qdrant.Requests);
        // 3 days old; 22 days old; without a time.
        Assert.Equal(0.97571427 * Math.Pow(0.5, 3 / 7.0), Of(found, 1).Score, 1e-5);
        Assert.Equal(0.9922779 * Math.Pow(0.5, 22 / 7.0), Of(found, 2).Score, 1e-5);
        Assert.Equal(0.2223748, Of(found, 8).Similarity!.Value, 1e-5);
        Assert.Equal(found.OrderByDescending(hit => hit.Score).Select(hit => hit.Memory.Id), found.Select(hit => hit.Memory.Id));
    }

    [Fact]
    public async Task Recency_of_distances_ranks_the_near_before_the_far()
    {
        _qdrant.Send("PUT", "/collections/far", """{"vectors":{"v":{"size":2,"distance":"Euclid"}}}""");
        _qdrant.Send("PUT", "/collections/far/points?wait=true", """{"points":[{"id":1,"vector":{"v":[9,0]}},{"id":2,"vector":{"v":[1,0]}}]}""");
        var far = Collection with { Name = CollectionName.Parse("far"), VectorName = "v", VectorSize = 2, Distance = Distance.Euclid, Keywords = null };

        var found = await SearchAsync(new SearchRequest { Vector = new SemanticVector.Embedded(new float[] { 0, 0 }), Limit = 2, Recency = Week }, far);

        Assert.Equal(["2", "1"], found.Select(hit => hit.Memory.Id.ToString()));
        Assert.Equal([0.5, 0.1], found.Select(hit => Math.Round(hit.Score, 5)));
        Assert.Equal([-1.0, -9.0], found.Select(hit => hit.Similarity!.Value));
    }

    [Fact]
    public async Task Diversity_asks_as_was_recorded_and_keeps_the_order_of_the_answer()
    {
        var recorded = RecordedExchange.Find("hybrid", "mmr with candidates");

        var found = await SearchAsync(Meaning with { Diversity = 0.7, Limit = 4 });

        Assert.True(JsonNode.DeepEquals(RequestMeaning.Of(recorded.Body), Asked(0)), Asked(0).ToJsonString());
        Assert.Equal(recorded.Result.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").ToString()), found.Select(hit => hit.Memory.Id.ToString()));
    }

    [Theory]
    [InlineData("meaning")]
    [InlineData("words")]
    [InlineData("both")]
    public async Task Every_form_is_made_of_recorded_parts(string kind)
    {
        var recorded = Parts("hybrid", "adoption-add-vector", "bm25-options", "python-collection", "python-server-wire");
        var plain = kind switch { "meaning" => Meaning, "words" => Both with { Vector = null }, _ => Both };

        foreach (var distance in (Distance[])[Distance.Cosine, Distance.Euclid])
            foreach (var recency in (Recency?[])[null, Week])
                foreach (var diversity in (double?[])[null, 0.5])
                    foreach (var threshold in (double?[])[null, 0.1])
                        await SearchAsync(
                            plain with { Recency = recency, Diversity = diversity, SimilarityThreshold = threshold }, Collection with { Distance = distance });

        var unknown = _qdrant.Requests.SelectMany(request => Parts("", JsonElement.Parse(request.Body))).Except(recorded);
        Assert.Empty(unknown);
    }

    [Fact]
    public async Task Equal_scores_at_the_cut_come_by_id()
    {
        var points = string.Join(',', Enumerable.Range(1, 60).Reverse().Select(id => $$"""{"id":{{id}},"vector":[1,0,0,0]}"""));
        _qdrant.Send("PUT", "/collections/ties", """{"vectors":{"size":4,"distance":"Cosine"}}""");
        _qdrant.Send("PUT", "/collections/ties/points?wait=true", $$"""{"points":[{{points}}]}""");

        var found = await SearchAsync(Meaning, Collection with { Name = CollectionName.Parse("ties"), VectorName = "", Keywords = null });

        Assert.Equal(["1", "2", "3"], found.Select(hit => hit.Memory.Id.ToString()));
    }

    private Task<IReadOnlyList<SearchHit>> SearchAsync(SearchRequest search, CollectionLayout? collection = null) =>
        TestStores.Over(_qdrant).SearchAsync(collection ?? Collection, search, TestContext.Current.CancellationToken);

    private static SearchHit Of(IReadOnlyList<SearchHit> found, ulong id) => found.Single(hit => hit.Memory.Id == new MemoryId(id));

    /// <summary>What the first request asked, or the search at that place of its batch.</summary>
    private JsonNode Asked(int place)
    {
        var body = RequestMeaning.Of(JsonElement.Parse(_qdrant.Requests[0].Body))!;
        return body["searches"] is JsonArray searches ? searches[place]! : body;
    }

    /// <summary>Which member stands within which, in every request that the recorded server accepted, or read and then found dividing by zero.</summary>
    private static HashSet<string> Parts(params string[] scenarios) =>
        [.. scenarios.SelectMany(RecordedExchange.Load)
            .Where(exchange => exchange is { Status: 200, Body: not null } or { Name: "formula: division by zero" })
            .SelectMany(exchange => Parts("", exchange.Body!.Value))];

    private static IEnumerable<string> Parts(string parent, JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Array => node.EnumerateArray().SelectMany(item => item.ValueKind == JsonValueKind.Object ? Parts(parent, item) : []),
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member => Parts(Place(member.Name), member.Value).Prepend($"{parent}/{member.Name}")),
        _ => [],
    };

    /// <summary>A query is a query wherever it stands, and so is an expression.</summary>
    private static string Place(string member) => member switch
    {
        "searches" or "prefetch" => "",
        "query" or "nearest" => "question",
        "formula" or "sum" or "mult" or "left" or "right" => "expression",
        _ => member,
    };
}
