using System.Net;
using McpQdrant.Core;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Embeddings;
using McpQdrant.Server.Authentication;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Qdrant;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Others use the same Qdrant: what is odd there must not break what has nothing to do with it.</summary>
public sealed class SharedQdrantTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_leaves_out_names_that_can_not_be_asked_for()
    {
        var odd = new string('é', 200);
        var store = Answering(("GET /collections", $$"""{"collections":[{"name":"notes"},{"name":"a/b"},{"name":""},{"name":"{{odd}}"},{"name":"zebra"}]}"""));

        Assert.Equal(["notes", "zebra"], (await store.ListAsync(Token)).Select(name => name.Value));
    }

    /// <summary>Of forms that this server doesn't know the others are left.</summary>
    [Theory]
    [InlineData("""{"config":{"params":{"vectors":{"good":{"size":4,"distance":"Cosine"},"odd":{"size":4,"distance":"Hamming"}}}}}""", "good")]
    [InlineData("""{"config":{"params":{"vectors":{"good":{"size":4,"distance":"Dot"},"odd":{"size":99999999999,"distance":"Dot"},"new":{"kind":"turbo"},"none":null,"text":"x"}}}}""", "good")]
    [InlineData("""{"config":{"params":{"vectors":{"size":4,"distance":"Hamming"}}}}""", "")]
    [InlineData("""{"config":{"params":{"vectors":null,"sparse_vectors":[]}}}""", "")]
    [InlineData("""{"config":{"params":{}}}""", "")]
    [InlineData("""{"config":{},"points_count":null}""", "")]
    [InlineData("""{"config":null,"points_count":1.5}""", "")]
    [InlineData("""{"points_count":"many"}""", "")]
    [InlineData("""{"config":{"params":{"vectors":{"good":{"size":4,"distance":"Cosine"}}},"metadata":{"a":1,"a":2}}}""", "good")]
    [InlineData("""{"config":{"params":{"vectors":{"good":{"size":4,"distance":"Cosine"}}},"metadata":[1]}}""", "good")]
    public async Task Describe_takes_what_it_knows_of_a_collection(string description, string vectors)
    {
        var store = Answering(("GET /collections/odd", description), ("POST /collections/odd/points/scroll", """{"points":[{"id":1},{"id":2,"payload":null},{"id":3,"payload":[1]}]}"""));

        var info = await store.DescribeAsync(CollectionName.Parse("odd"), Token);

        Assert.Equal(vectors.Split(',', StringSplitOptions.RemoveEmptyEntries), info!.Vectors.Select(vector => vector.Name));
        if (info.Vectors.Count == 0)
            Assert.Contains("Choose another collection", Assert.Throws<MemoryException>(() => CollectionLayoutResolver.Resolve(info, Notes.Model, documentField: null)).Message);
    }

    [Fact]
    public async Task ListCollections_lists_a_broken_collection_with_its_reason_beside_the_others()
    {
        var answers = new Answers(new Dictionary<string, string>
        {
            ["GET /collections"] = """{"collections":[{"name":"broken"},{"name":"notes"}]}""",
            ["GET /collections/notes"] = """{"points_count":7,"config":{"params":{"vectors":{"dense":{"size":4,"distance":"Cosine"}}}}}""",
            ["POST /collections/notes/points/scroll"] = """{"points":[]}""",
        });
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddAccess(new AccessBounds(), Caller.Local)
            .AddMemories(new SearchOptions(), new CollectionDefaults())
            .AddSingleton<IMemoryStore>(TestStores.Over(answers))
            .AddSingleton(new EmbeddingModels(new ServerSideEmbedder(new EmbeddingOptions { Model = "some-model", Dimensions = 4 }), []))
            .BuildServiceProvider();

        var entries = await services.GetRequiredService<ListCollections>().HandleAsync(Caller.Local, new ListCollectionsRequest(), Token);

        Assert.Equal([("broken", 0L, false), ("notes", 7L, true)], entries.Select(entry => (entry.Name.Value, entry.Points, entry.Problem is null)));
        Assert.Contains("shard is dead", entries[0].Problem, StringComparison.Ordinal);
    }

    /// <summary>Qdrant refuses to rank by age where one candidate's time is none, whoever wrote it.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.5)]
    public async Task Search_by_age_bears_a_time_that_is_none(double? diversity)
    {
        var qdrant = new StandInHandler();
        qdrant.Send("PUT", "/collections/notes", """{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"}}}""");
        qdrant.Send("PUT", "/collections/notes/points?wait=true", """
            {"points":[{"id":1,"vector":{"fast-all-minilm-l6-v2":[1,0,0,0]},"payload":{"document":"old","stored_at":"2026-01-01T00:00:00Z"}},
            {"id":2,"vector":{"fast-all-minilm-l6-v2":[0.9,0.43588989,0,0]},"payload":{"document":"new","stored_at":"2026-03-01T00:00:00Z"}},
            {"id":3,"vector":{"fast-all-minilm-l6-v2":[0.1,0.99498744,0,0]},"payload":{"document":"odd","stored_at":"last week"}}]}
            """);
        var search = Notes.Search with { Limit = 3, Diversity = diversity, Recency = new Recency(TimeSpan.FromDays(30), new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)) };

        var found = await TestStores.Over(qdrant).SearchAsync(Notes.Layout with { Keywords = null }, search, Token);

        Assert.Equal(["new", "odd", "old"], found.Select(hit => hit.Memory.Text).Order(StringComparer.Ordinal));
        if (diversity is null)
            Assert.Equal([("new", 0.9), ("old", 0.26), ("odd", 0.1)], found.Select(hit => (hit.Memory.Text, Math.Round(hit.Score, 2))));
    }

    private static QdrantMemoryStore Answering(params (string Line, string Result)[] answers) => TestStores.Over(new Answers(answers.ToDictionary()));

    private sealed class Answers(Dictionary<string, string> results) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            results.TryGetValue($"{request.Method} {request.RequestUri!.AbsolutePath}", out var result)
                ? new HttpResponseMessage { Content = new StringContent($$"""{"result":{{result}},"status":"ok"}""") }
                : new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new StringContent("""{"status":{"error":"Service internal error: shard is dead"}}""") });
    }
}
