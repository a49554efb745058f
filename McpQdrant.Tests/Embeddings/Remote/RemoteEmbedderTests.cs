using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Embeddings;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Embeddings.Remote;

public sealed class RemoteEmbedderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAI_gets_the_text_the_model_the_key_and_the_dimensions()
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OpenAIOptions with { ApiKey = "sk-secret", Dimensions = 3 });
        var embedder = services.GetRequiredService<ITextEmbedder>();

        var embedding = await embedder.EmbedQueryAsync("hello", Token);

        Assert.Equal(ProviderStandIn.VectorOf("hello"), Values(embedding));
        Assert.Equal(7, embedding.TokensRead);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/v1/embeddings", request.Path);
        Assert.Equal("Bearer sk-secret", request.Authorization);
        Assert.Equal(["hello"], request.Texts);
        Assert.Equal("some-model", request.Json.GetProperty("model").GetString());
        Assert.Equal(3, request.Json.GetProperty("dimensions").GetInt32());
        Assert.Equal(new EmbeddingIdentity("openai", "some-model", 3), await embedder.IdentifyAsync(Token));
    }

    [Fact]
    public async Task Ollama_gets_the_text_and_the_model_at_its_own_address()
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OllamaOptions with { Dimensions = 3 });
        var embedder = services.GetRequiredService<ITextEmbedder>();

        var embedding = await embedder.EmbedDocumentAsync("hello", Token);

        Assert.Equal(ProviderStandIn.VectorOf("search_document: hello"), Values(embedding));
        Assert.Equal(7, embedding.TokensRead);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/api/embed", request.Path);
        Assert.Null(request.Authorization);
        Assert.Equal("nomic-embed-text", request.Json.GetProperty("model").GetString());
        Assert.Equal(["search_document: hello"], request.Texts);
        Assert.Equal(3, request.Json.GetProperty("dimensions").GetInt32());
        Assert.Equal(new EmbeddingIdentity("ollama", "nomic-embed-text", 3, "search_query: |search_document: "), await embedder.IdentifyAsync(Token));
    }

    [Fact]
    public async Task Ollama_is_reached_below_a_path_and_gets_no_dimensions_where_none_are_asked()
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OllamaOptions with { Url = new Uri(server.OllamaOptions.Url!, "ollama") });
        server.Then(200, """{"embeddings": [[1, 2, 3]]}""");

        var embedding = await services.GetRequiredService<ITextEmbedder>().EmbedQueryAsync("hello", Token);

        Assert.Equal([1, 2, 3], Values(embedding));
        Assert.Null(embedding.TokensRead);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/ollama/api/embed", request.Path);
        Assert.False(request.Json.TryGetProperty("dimensions", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Vectors_are_read_in_both_encodings_and_put_in_order(bool floats)
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.AlwaysFloats = floats;
        server.OutOfOrder = true;
        await using var services = Services(server.OpenAIOptions);

        var embeddings = await services.GetRequiredService<ITextEmbedder>().EmbedDocumentsAsync(["a", "bb", "ccc"], Token);

        Assert.Equal([ProviderStandIn.VectorOf("a"), ProviderStandIn.VectorOf("bb"), ProviderStandIn.VectorOf("ccc")], embeddings.Select(Values));
    }

    [Theory]
    [InlineData("OpenAi")]
    [InlineData("Ollama")]
    public async Task EmbedDocuments_sends_batches_and_keeps_the_order(string provider)
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services((provider == "Ollama" ? server.OllamaOptions : server.OpenAIOptions) with { DocumentPrefix = "" });
        string[] texts = [.. Enumerable.Range(1, 100).Select(i => new string('x', i)), new('y', 90_000), new('z', 90_000)];

        var embeddings = await services.GetRequiredService<ITextEmbedder>().EmbedDocumentsAsync(texts, Token);

        Assert.Equal(texts.Select(ProviderStandIn.VectorOf), embeddings.Select(Values));
        Assert.Equal([1, 5, 32, 32, 32], server.Requests.Select(request => request.Texts.Count).Order());
    }

    [Fact]
    public async Task A_question_asked_again_is_answered_from_the_cache()
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OpenAIOptions with { CacheSize = 2 });
        var embedder = services.GetRequiredService<ITextEmbedder>();

        foreach (var text in new[] { "one", "two", "one", "three", "one", "two" })
            Assert.Equal(ProviderStandIn.VectorOf(text), Values(await embedder.EmbedQueryAsync(text, Token)));

        Assert.Equal(["one", "two", "three", "two"], server.Requests.Select(request => request.Texts[0]));
    }

    [Fact]
    public async Task Without_a_cache_each_question_goes_to_the_provider()
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OpenAIOptions with { CacheSize = 0 });
        var embedder = services.GetRequiredService<ITextEmbedder>();

        await embedder.EmbedQueryAsync("one", Token);
        await embedder.EmbedQueryAsync("one", Token);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_provider_that_hangs_does_not_stop_cached_answers()
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OpenAIOptions with { Concurrency = 2 });
        var embedder = services.GetRequiredService<ITextEmbedder>();
        await embedder.EmbedQueryAsync("known", Token);
        using var cancel = new CancellationTokenSource();
        for (var i = 0; i < 5; i++)
            server.Then(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var hanging = Enumerable.Range(0, 5).Select(i => embedder.EmbedQueryAsync($"unknown {i}", cancel.Token).AsTask()).ToList();
        await Until(() => server.Requests.Count == 3);

        Assert.Equal(ProviderStandIn.VectorOf("known"), Values(await embedder.EmbedQueryAsync("known", Token)));
        Assert.Equal(3, server.Requests.Count);
        await cancel.CancelAsync();
        foreach (var call in hanging)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Cancelled_calls_free_their_place()
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OpenAIOptions with { Concurrency = 1 });
        var embedder = services.GetRequiredService<ITextEmbedder>();
        using var cancel = new CancellationTokenSource();
        server.Then(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var calls = Enumerable.Range(0, 90).Select(i => embedder.EmbedQueryAsync($"cancelled {i}", cancel.Token).AsTask()).ToList();
        await Until(() => !server.Requests.IsEmpty);
        await cancel.CancelAsync();

        Assert.Equal(ProviderStandIn.VectorOf("next"), Values(await embedder.EmbedQueryAsync("next", Token)));
        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void The_key_is_not_part_of_what_options_print() =>
        Assert.DoesNotContain("sk-secret", $"{new EmbeddingOptions { ApiKey = "sk-secret" }}");

    internal static ServiceProvider Services(EmbeddingOptions options, TimeProvider? clock = null)
    {
        var services = new ServiceCollection().AddLogging();
        if (clock is not null)
            services.AddSingleton(clock);
        return services.AddEmbeddings(options).BuildServiceProvider();
    }

    internal static float[] Values(TextEmbedding embedding) => Assert.IsType<SemanticVector.Embedded>(embedding.Vector).Values.ToArray();

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(5, Token);
    }
}
