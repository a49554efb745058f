using System.Net.Http.Headers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OllamaSharp;

namespace McpQdrant.Embeddings.Remote;

/// <summary>The way to a provider: its HTTP client, and its generator over that.</summary>
internal static class ProviderClient
{
    public const int DefaultConcurrency = 4;

    private const string HttpClientName = "embeddings";

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    public static void AddProviderClient(this IServiceCollection services, EmbeddingOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        var client = services.AddHttpClient(HttpClientName, http =>
        {
            http.BaseAddress = AddressOf(options);
            http.Timeout = Timeout.InfiniteTimeSpan; // ProviderRetries has the limit.
            if (options.ApiKey is { Length: > 0 } key)
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        });
#pragma warning disable EXTEXP0001 // Retries of the composition's defaults would multiply ours.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.AddHttpMessageHandler(() => new ProviderErrorHandler(options, AddressOf(options), ModelOf(options)));
        client.AddResilienceHandler("retries", (pipeline, context) =>
            ProviderRetries.AddTo(pipeline, options, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        client.AddHttpMessageHandler(() => new BufferedResponseHandler());
        // One client for the life of the process: connections end now and then, so that a change of address is noticed.
        client.UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = ConnectionLifetime).SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        client.RemoveAllLoggers();
    }

    public static IEmbeddingGenerator<string, Embedding<float>> CreateGenerator(EmbeddingOptions options, IServiceProvider services)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName);
        IEmbeddingGenerator<string, Embedding<float>> generator = options.Provider is EmbeddingProvider.Ollama
            ? new OllamaApiClient(http, ModelOf(options), OllamaJson.Default)
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
