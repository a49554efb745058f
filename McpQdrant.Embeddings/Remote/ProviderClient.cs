using McpQdrant.Core.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace McpQdrant.Embeddings.Remote;

/// <summary>The way to a provider: its HTTP client, and its generator over that.</summary>
internal static class ProviderClient
{
    public const int DefaultConcurrency = 4;

    private const string HttpClientName = "embeddings";

    public static void AddProviderClient(this IServiceCollection services, EmbeddingOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOutboundHttp(new OutboundHttpOptions
        {
            Name = HttpClientName,
            Address = AddressOf(options),
            KeyHeader = options.ApiKey is { Length: > 0 } key ? ("Authorization", $"Bearer {key}") : null,
            Resilience = pipeline => ProviderRetries.AddTo(pipeline, options),
            Outermost = () => new ProviderErrorHandler(options, AddressOf(options), ModelOf(options)),
        });
    }

    public static IEmbeddingGenerator<string, Embedding<float>> CreateGenerator(EmbeddingOptions options, IServiceProvider services)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName);
        IEmbeddingGenerator<string, Embedding<float>> generator = options.Provider is EmbeddingProvider.Ollama
            ? new OllamaEmbeddingGenerator(http, ModelOf(options))
            : new OpenAIEmbeddingGenerator(http, AddressOf(options), ModelOf(options));
        return new BatchedEmbeddingGenerator(generator, AddressOf(options), options.Concurrency ?? DefaultConcurrency);
    }

    public static string ModelOf(EmbeddingOptions options) => options.Model ?? KnownModels.DefaultOf(options.Provider);

    /// <summary>Where the API begins, with a slash at its end, so that names can be put after it.</summary>
    private static Uri AddressOf(EmbeddingOptions options)
    {
        var url = options.Url ?? new Uri(options.Provider is EmbeddingProvider.Ollama ? "http://localhost:11434" : "https://api.openai.com/v1");
        return url.AbsolutePath.EndsWith('/') ? url : new UriBuilder(url) { Path = url.AbsolutePath + "/" }.Uri;
    }
}
