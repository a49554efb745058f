using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Qdrant;

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

    private static QdrantMemoryStore Answering(params (string Line, string Result)[] answers) => TestStores.Over(new Answers(answers.ToDictionary()));

    private sealed class Answers(Dictionary<string, string> results) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage { Content = new StringContent($$"""{"result":{{results[$"{request.Method} {request.RequestUri!.AbsolutePath}"]}},"status":"ok"}""") });
    }
}
