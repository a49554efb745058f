using System.Diagnostics;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Embeddings;
using McpQdrant.Tests.Embeddings.Local;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Embeddings;

public sealed class EmbeddingModelsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<EmbeddingOptions> Configured =>
    [
        new EmbeddingOptions(),
        new EmbeddingOptions { ModelPath = ModelFolders.TinyPath, QueryPrefix = "find: ", Dimensions = 8 },
        new EmbeddingOptions { Provider = EmbeddingProvider.Ollama, Model = "some-model", Url = new Uri("http://127.0.0.1:1") },
        new EmbeddingOptions { Provider = EmbeddingProvider.Qdrant },
    ];

    [Theory]
    [MemberData(nameof(Configured))]
    public async Task Models_beside_the_program_are_known_whatever_is_configured_and_none_is_loaded_for_it(EmbeddingOptions options)
    {
        var (loaded, listener) = Listen(out var call);
        using var listening = listener;
        using var calling = call;
        await using var services = Services(options);
        var models = services.GetRequiredService<EmbeddingModels>();

        var others = await Task.WhenAll(models.Others.Select(model => model.IdentifyAsync(Token).AsTask()));

        Assert.Contains(new EmbeddingIdentity("local", "sentence-transformers/all-MiniLM-L6-v2", 384), others);
        Assert.Contains(new EmbeddingIdentity("local", "intfloat/multilingual-e5-small", 384, "query: |passage: "), others);
        Assert.Same(services.GetRequiredService<ITextEmbedder>(), models.Default);
        Assert.Empty(loaded);
    }

    [Fact]
    public async Task A_model_beside_the_program_embeds_as_if_it_were_configured()
    {
        await using var services = Services(new EmbeddingOptions { ModelPath = ModelFolders.TinyPath, QueryPrefix = "find: " });
        await using var alone = Services(new EmbeddingOptions());
        var models = services.GetRequiredService<EmbeddingModels>();
        var shipped = await models.Others.ToAsyncEnumerable().FirstAsync(async (model, token) => (await model.IdentifyAsync(token)).VectorName == "fast-all-minilm-l6-v2", Token);

        var (loaded, listener) = Listen(out var call);
        using var listening = listener;
        using var calling = call;
        var vector = Values(await shipped.EmbedQueryAsync("the cat", Token));

        Assert.Equal(Values(await alone.GetRequiredService<ITextEmbedder>().EmbedQueryAsync("the cat", Token)), vector);
        Assert.NotEmpty(loaded);
    }

    /// <summary>Hears of what is embedded below <paramref name="call"/>; other tests embed meanwhile.</summary>
    private static (List<string> Heard, ActivityListener Listener) Listen(out Activity call)
    {
        var heard = new List<string>();
        var mine = call = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EmbeddingServices.TelemetryName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (activity.TraceId == mine.TraceId)
                    heard.Add(activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return (heard, listener);
    }

    private static ServiceProvider Services(EmbeddingOptions options) => new ServiceCollection().AddLogging().AddEmbeddings(options).BuildServiceProvider();

    private static float[] Values(TextEmbedding embedding) => Assert.IsType<SemanticVector.Embedded>(embedding.Vector).Values.ToArray();
}
