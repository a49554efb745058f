using System.Net;
using System.Net.Sockets;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Embeddings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static McpQdrant.Tests.Embeddings.Remote.RemoteEmbedderTests;

namespace McpQdrant.Tests.Embeddings.Remote;

public sealed class ProviderFailureTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_passing_failure_is_tried_again(int status)
    {
        var clock = new ScaledTimeProvider();
        await using var server = await ProviderStandIn.StartAsync(clock);
        server.Then(status, "busy").Then(status, """{"error": {"message": "still busy"}}""");

        var embedding = await EmbedAsync(server.OpenAIOptions with { Timeout = Long }, clock);

        Assert.Equal(ProviderStandIn.VectorOf("hello"), Values(embedding));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task The_wait_that_a_provider_asks_for_is_kept()
    {
        var clock = new ScaledTimeProvider();
        await using var server = await ProviderStandIn.StartAsync(clock);
        server.Then(429, "busy", ("Retry-After", "100"));

        await EmbedAsync(server.OpenAIOptions with { Timeout = Long }, clock);

        var times = server.Requests.Select(request => request.At).ToList();
        Assert.InRange(times[1] - times[0], TimeSpan.FromSeconds(90), Long);
    }

    [Fact]
    public async Task A_wait_longer_than_the_time_limit_is_not_begun()
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(429, """{"error": {"message": "Rate limit reached"}}""", ("Retry-After", "3600"));

        var error = await RefusedAsync(server.OpenAIOptions);

        Assert.Contains("refuses more requests for now: Rate limit reached (status 429)", error.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_of_the_answer_is_tried_again()
    {
        var clock = new ScaledTimeProvider();
        await using var server = await ProviderStandIn.StartAsync(clock);
        server.Then(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("""{"object": "list", "data": [{"embedding": [0.1, """);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        var embedding = await EmbedAsync(server.OpenAIOptions with { Timeout = Long }, clock);

        Assert.Equal(ProviderStandIn.VectorOf("hello"), Values(embedding));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_slow_provider_is_given_up_after_the_time_limit()
    {
        var clock = new ScaledTimeProvider();
        await using var server = await ProviderStandIn.StartAsync(clock);
        server.Then(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var error = await RefusedAsync(server.OpenAIOptions with { Timeout = TimeSpan.FromSeconds(90) }, clock);

        Assert.Contains("didn't answer within 90 seconds", error.Message);
    }

    [Fact]
    public async Task A_provider_that_keeps_failing_is_given_up()
    {
        var clock = new ScaledTimeProvider();
        await using var server = await ProviderStandIn.StartAsync(clock);
        for (var i = 0; i < 4; i++)
            server.Then(502, "<html><body>Bad gateway</body></html>");

        var error = await RefusedAsync(server.OpenAIOptions with { Timeout = Long }, clock);

        Assert.Contains("failed: status 502. Try again later", error.Message);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Retries_of_the_hosts_defaults_do_not_multiply_ours()
    {
        var clock = new ScaledTimeProvider();
        await using var server = await ProviderStandIn.StartAsync(clock);
        for (var i = 0; i < 16; i++)
            server.Then(503, "busy");
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock);
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
        await using var provider = services.AddEmbeddings(server.OpenAIOptions with { Timeout = Long }).BuildServiceProvider();

        await Assert.ThrowsAsync<MemoryException>(async () => await provider.GetRequiredService<ITextEmbedder>().EmbedQueryAsync("hello", Token));

        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData("OpenAi")]
    [InlineData("Ollama")]
    public async Task A_server_that_is_not_there_is_named(string provider)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/secret/path");
        listener.Stop();

        var error = await RefusedAsync(new EmbeddingOptions { Provider = Enum.Parse<EmbeddingProvider>(provider), Url = url, Timeout = Long }, new ScaledTimeProvider());

        Assert.Contains($"{url.Scheme}://{url.Authority} can't be reached", error.Message);
        Assert.DoesNotContain("secret", error.Message);
    }

    [Fact]
    public async Task A_refused_key_is_not_shown()
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(401, """{"error": {"message": "Incorrect API key provided: sk-secret.", "code": "invalid_api_key"}}""");

        var error = await RefusedAsync(server.OpenAIOptions with { ApiKey = "sk-secret" });

        Assert.Contains("refused the key in EMBEDDING_API_KEY (status 401)", error.Message);
        Assert.DoesNotContain("sk-", error.Message);
        Assert.Single(server.Requests);
    }

    /// <summary>What is embedded is somebody's memory, and with it goes the key; what another server makes of it must not be stored either.</summary>
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_provider_that_sends_us_elsewhere_is_not_followed(int status)
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var other = await ProviderStandIn.StartAsync();
        var elsewhere = new Uri(other.OpenAIOptions.Url!, "/v1/embeddings?token=secret");
        server.Then(status, "", ("Location", elsewhere.AbsoluteUri)).Then(status, "", ("Location", elsewhere.AbsoluteUri));

        var openAI = await RefusedAsync(server.OpenAIOptions);
        var ollama = await RefusedAsync(server.OllamaOptions);

        Assert.Empty(other.Requests);
        Assert.Contains($"sends us to {elsewhere.GetLeftPart(UriPartial.Path)}, and the text isn't taken there. Set EMBEDDING_URL", openAI.Message);
        Assert.Contains("Set EMBEDDING_URL", ollama.Message);
        Assert.DoesNotContain("secret", openAI.Message);
    }

    [Fact]
    public async Task A_missing_key_is_asked_for()
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(401, "{}");

        var error = await RefusedAsync(server.OpenAIOptions);

        Assert.Contains("wants a key. Set EMBEDDING_API_KEY", error.Message);
        Assert.Null(server.Requests.Single().Authorization);
    }

    [Theory]
    [InlineData(404, """{"error": {"message": "The model `some-model` does not exist or you do not have access to it.", "code": "model_not_found"}}""")]
    [InlineData(400, """{"error": {"message": "Invalid model name passed in model=some-model"}}""")]
    public async Task An_unknown_model_is_told_with_what_the_server_offers(int status, string body)
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(status, body);

        var error = await RefusedAsync(server.OpenAIOptions with { ApiKey = "sk-secret" });

        Assert.Contains("has no model 'some-model'. It offers text-embedding-9, gpt-9. Set EMBEDDING_MODEL.", error.Message);
        Assert.All(server.Requests, request => Assert.Equal("Bearer sk-secret", request.Authorization));
    }

    [Fact]
    public async Task An_unknown_model_of_ollama_can_be_pulled()
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(404, """{"error": "model \"bge-m3\" not found, try pulling it first"}""");

        var error = await RefusedAsync(server.OllamaOptions with { Model = "bge-m3" });

        Assert.Contains("It offers nomic-embed-text:latest, llama9:latest.", error.Message);
        Assert.Contains("ollama pull bge-m3", error.Message);
    }

    [Fact]
    public async Task An_address_without_the_api_is_told_from_an_unknown_model()
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(404, "404 page not found");

        var error = await RefusedAsync(server.OpenAIOptions);

        Assert.Contains("no embeddings API at this address", error.Message);
        Assert.Contains("/v1", error.Message);
    }

    [Theory]
    [InlineData(400, """{"error": {"message": "This model's maximum context length is 8192 tokens, however you requested 9000 tokens.", "code": "context_length_exceeded"}}""")]
    [InlineData(400, """{"error": "the input length exceeds the context length"}""")]
    [InlineData(413, """{"error": "Input validation error: `inputs` must have less than 512 tokens. Given: 513", "error_type": "Validation"}""")]
    [InlineData(500, """{"error": {"code": 500, "message": "input is too large to process. increase the physical batch size"}}""")]
    public async Task A_text_that_is_too_long_is_told_from_other_refusals(int status, string body)
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(status, body);

        var error = await RefusedAsync(server.OpenAIOptions);

        Assert.Contains("too long for the embedding model some-model", error.Message);
        Assert.Contains("smaller parts", error.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Any_other_refusal_is_passed_on()
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(400, """{"detail": "dimensions is not supported"}""");

        var error = await RefusedAsync(server.OpenAIOptions);

        Assert.Contains("refused the request: dimensions is not supported (status 400).", error.Message);
        Assert.DoesNotContain("too long", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>Welcome</html>")]
    [InlineData("""{"data": [], "embeddings": []}""")]
    [InlineData("""{"data": [{"index": 0, "embedding": "!!"}], "embeddings": ["!!"]}""")]
    [InlineData("""{"data": [{"index": 0, "embedding": [1, "x"]}], "embeddings": [[1, "x"]]}""")]
    [InlineData("""{"data": [{"index": 0, "embedding": null}], "embeddings": ["x"]}""")]
    [InlineData("""{"data": [{"index": 0}], "embeddings": 3}""")]
    [InlineData("""{"data": 3, "embeddings": {}}""")]
    [InlineData("""{"data": [null], "embeddings": [null]}""")]
    public async Task An_answer_that_is_none_is_refused(string body)
    {
        await using var server = await ProviderStandIn.StartAsync();
        server.Then(200, body).Then(200, body);

        var openAI = await RefusedAsync(server.OpenAIOptions);
        var ollama = await RefusedAsync(server.OllamaOptions);

        Assert.Contains("EMBEDDING_URL", openAI.Message);
        Assert.Contains("EMBEDDING_URL", ollama.Message);
    }

    [Theory]
    [InlineData("[0, 0, 0]", "zeros or of no numbers")]
    [InlineData("[]", "zeros or of no numbers")]
    [InlineData("\"AADAfwAAgD8AAIA/\"", "zeros or of no numbers")]
    [InlineData("[1, 2]", "2 numbers where 3 were expected")]
    public async Task A_useless_vector_is_refused_and_not_remembered(string vector, string message)
    {
        await using var server = await ProviderStandIn.StartAsync();
        await using var services = Services(server.OpenAIOptions);
        var embedder = services.GetRequiredService<ITextEmbedder>();
        await embedder.EmbedQueryAsync("first", Token);
        server.Then(200, $$"""{"object": "list", "data": [{"index": 0, "embedding": {{vector}}}]}""");

        var error = await Assert.ThrowsAsync<MemoryException>(async () => await embedder.EmbedQueryAsync("hello", Token));

        Assert.Contains(message, error.Message);
        Assert.Equal(ProviderStandIn.VectorOf("hello"), Values(await embedder.EmbedQueryAsync("hello", Token)));
    }

    private static async Task<TextEmbedding> EmbedAsync(EmbeddingOptions options, TimeProvider? clock = null)
    {
        await using var services = Services(options with { QueryPrefix = "" }, clock);
        return await services.GetRequiredService<ITextEmbedder>().EmbedQueryAsync("hello", Token);
    }

    private static async Task<MemoryException> RefusedAsync(EmbeddingOptions options, TimeProvider? clock = null) =>
        await Assert.ThrowsAsync<MemoryException>(() => EmbedAsync(options, clock));
}
