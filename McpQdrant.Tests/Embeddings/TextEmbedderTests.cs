using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Embeddings;
using McpQdrant.Tests.Embeddings.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.Tests.Embeddings;

public sealed class TextEmbedderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Identify_names_the_shipped_model()
    {
        await using var services = Services(new EmbeddingOptions());
        var embedder = services.GetRequiredService<ITextEmbedder>();

        var identity = await embedder.IdentifyAsync(Token);

        Assert.Equal(new EmbeddingIdentity("local", "sentence-transformers/all-MiniLM-L6-v2", 384), identity);
        Assert.Equal("fast-all-minilm-l6-v2", identity.VectorName);
    }

    [Fact]
    public async Task EmbedDocument_says_how_much_of_the_text_it_read()
    {
        await using var services = Services(Tiny);
        var embedder = services.GetRequiredService<ITextEmbedder>();

        var whole = await embedder.EmbedDocumentAsync("the cat sat on the mat.", Token);
        var cut = await embedder.EmbedDocumentAsync(string.Concat(Enumerable.Repeat("the ", 30)), Token);

        Assert.Equal((9, 9, false), (whole.TokensRead, whole.TokensTotal, whole.IsCut));
        Assert.Equal((16, 32, true), (cut.TokensRead, cut.TokensTotal, cut.IsCut));
    }

    [Fact]
    public async Task Questions_and_documents_get_their_prefixes()
    {
        await using var services = Services(Tiny with { QueryPrefix = "query: ", DocumentPrefix = "passage: " });
        await using var plainServices = Services(Tiny);
        var embedder = services.GetRequiredService<ITextEmbedder>();
        var plain = plainServices.GetRequiredService<ITextEmbedder>();

        var query = await embedder.EmbedQueryAsync("keys", Token);
        var document = await embedder.EmbedDocumentAsync("keys", Token);

        Assert.Equal(Values(await plain.EmbedQueryAsync("query: keys", Token)), Values(query));
        Assert.Equal(Values(await plain.EmbedDocumentAsync("passage: keys", Token)), Values(document));
        Assert.NotEqual(Values(query), Values(document));
        Assert.Equal("query: |passage: ", (await embedder.IdentifyAsync(Token)).Prefixes);
        Assert.Equal("", (await plain.IdentifyAsync(Token)).Prefixes);
    }

    [Fact]
    public async Task EmbedDocuments_gives_each_text_the_vector_it_has_alone()
    {
        await using var services = Services(new EmbeddingOptions());
        var embedder = services.GetRequiredService<ITextEmbedder>();
        string[] texts = ["cat", "Postgres connection pool size was raised from 20 to 50.", "", "東京タワーは赤い。"];

        var together = await embedder.EmbedDocumentsAsync(texts, Token);

        for (var i = 0; i < texts.Length; i++)
            Assert.Equal(Values(await embedder.EmbedDocumentAsync(texts[i], Token)), Values(together[i]));
    }

    [Fact]
    public async Task Many_callers_at_once_get_their_own_vectors()
    {
        await using var services = Services(Tiny);
        var embedder = services.GetRequiredService<ITextEmbedder>();
        string[] texts = ["the cat", "a dog", "key rotates every friday", "zurich cafe"];
        var alone = new List<float[]>();
        foreach (var text in texts)
            alone.Add(Values(await embedder.EmbedQueryAsync(text, Token)));

        var found = await Task.WhenAll(Enumerable.Range(0, 400).Select(async i => Values(await embedder.EmbedQueryAsync(texts[i % 4], Token))));

        for (var i = 0; i < found.Length; i++)
            Assert.Equal(alone[i % 4], found[i]);
    }

    [Fact]
    public async Task Cancelled_calls_free_their_place()
    {
        await using var services = Services(new EmbeddingOptions { Concurrency = 1 });
        var embedder = services.GetRequiredService<ITextEmbedder>();
        var slow = string.Concat(Enumerable.Repeat("a text that takes its time ", 60));
        await embedder.EmbedQueryAsync(slow, Token);

        var calls = new List<Task<TextEmbedding>>();
        using var cancel = new CancellationTokenSource();
        for (var i = 0; i < 100; i++)
            calls.Add(embedder.EmbedQueryAsync($"{i} {slow}", i % 10 == 0 ? Token : cancel.Token).AsTask());
        await cancel.CancelAsync();
        var outcomes = await Task.WhenAll(calls.Select(call => call.ContinueWith(done => done.Status, Token)));

        // One or the other may have been done before it could be cancelled.
        Assert.InRange(outcomes.Count(status => status is TaskStatus.Canceled), 80, 90);
        Assert.All(outcomes, status => Assert.True(status is TaskStatus.Canceled or TaskStatus.RanToCompletion));
        await embedder.EmbedQueryAsync("still there", Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task A_missing_model_is_found_once_it_is_there()
    {
        using var folder = new TemporaryModel();
        await using var services = Services(new EmbeddingOptions { ModelPath = folder.Root });
        var embedder = services.GetRequiredService<ITextEmbedder>();
        var error = await Assert.ThrowsAsync<MemoryException>(async () => await embedder.IdentifyAsync(Token));

        foreach (var file in new[] { "model.onnx", "vocab.txt" })
            File.Copy(Path.Combine(ModelFolders.TinyPath, file), folder.At(file));

        Assert.Contains("EMBEDDING_MODEL_PATH", error.Message);
        Assert.Equal(8, (await embedder.IdentifyAsync(Token)).Dimensions);
    }

    [Fact]
    public async Task A_model_of_another_size_than_configured_is_refused()
    {
        await using var services = Services(Tiny with { Dimensions = 768 });
        var embedder = services.GetRequiredService<ITextEmbedder>();

        var error = await Assert.ThrowsAsync<MemoryException>(async () => await embedder.EmbedQueryAsync("the cat", Token));

        Assert.Contains("8 numbers where 768 were expected", error.Message);
    }

    [Fact]
    public async Task Starting_the_host_loads_the_model_in_the_background()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEmbeddings(new EmbeddingOptions());
        using var host = builder.Build();

        await host.StartAsync(Token);
        var preloader = Assert.Single(host.Services.GetServices<IHostedService>().OfType<EmbeddingPreloader>());
        await preloader.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.True(preloader.ExecuteTask!.IsCompletedSuccessfully);
        await host.StopAsync(Token);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Starting_the_host_loads_the_model_only_where_it_is_to(bool loadsAtStart, int questions)
    {
        var embedder = new CountingEmbedder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEmbeddings(new EmbeddingOptions { LoadsAtStart = loadsAtStart });
        builder.Services.AddSingleton<ITextEmbedder>(embedder);
        using var host = builder.Build();

        await host.StartAsync(Token);
        await host.Services.GetServices<IHostedService>().OfType<EmbeddingPreloader>().Single().ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal((questions, 1), (embedder.Questions, embedder.Looks));
        await host.StopAsync(Token);
    }

    private sealed class CountingEmbedder : ITextEmbedder
    {
        public int Questions { get; private set; }

        public int Looks { get; private set; }

        public ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken)
        {
            Looks++;
            return new(new EmbeddingIdentity("local", "counting", 1, ""));
        }

        public ValueTask<TextEmbedding> EmbedQueryAsync(string text, CancellationToken cancellationToken)
        {
            Questions++;
            return new(new TextEmbedding(new SemanticVector.Embedded(new float[] { 1 }), 1, 1));
        }

        public ValueTask<TextEmbedding> EmbedDocumentAsync(string text, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<TextEmbedding>> EmbedDocumentsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private static EmbeddingOptions Tiny => new() { ModelPath = ModelFolders.TinyPath };

    private static ServiceProvider Services(EmbeddingOptions options) => new ServiceCollection().AddLogging().AddEmbeddings(options).BuildServiceProvider();

    private static float[] Values(TextEmbedding embedding) => Assert.IsType<SemanticVector.Embedded>(embedding.Vector).Values.ToArray();
}
