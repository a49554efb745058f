using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using McpQdrant.Core.Http;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant.Api;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace McpQdrant.Stores.Qdrant;

public static class QdrantStoreServices
{
    private const int MaxRetries = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TransitionWait = TimeSpan.FromMilliseconds(250);

    /// <summary>Keeps memories in a Qdrant server.</summary>
    /// <exception cref="MemoryException">The file of certificate authorities can't be read.</exception>
    public static IServiceCollection AddQdrantStore(this IServiceCollection services, QdrantOptions options)
    {
        var server = new OutboundHttpOptions
        {
            Name = QdrantClient.Name,
            Address = QdrantNode.WithSlash(options.Url), // Without the slash the last part of a path would be replaced.
            KeyHeader = options.ApiKey is { } key ? (QdrantOptions.KeyHeader, key) : null,
            Resilience = pipeline => Configure(pipeline, options),
            Innermost = options.Discover || options.OtherUrls.Count > 0
                ? provider => new QdrantFailover(options, provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetRequiredService<ILogger<QdrantFailover>>())
                : null,
            // The server closes a connection after 5 s without a request; one second earlier it is never written into a closed one.
            IdleTimeout = TimeSpan.FromSeconds(4),
            ConnectTimeout = options.Timeout < TimeSpan.FromSeconds(6) ? options.Timeout / 2 : TimeSpan.FromSeconds(3),
            Authorities = options.CaCertificate is { } file ? ReadAuthorities(file) : null,
        };
        services.AddOutboundHttp(server);
        // A snapshot is on the node that made it, so files come from the first address only.
        services.AddOutboundHttp(server with { Name = QdrantClient.NameForFiles, Resilience = _ => { }, IsBuffered = false, Innermost = null });

        services.AddSingleton(provider =>
        {
            var client = Client(provider, QdrantClient.Name, options);
            return new QdrantMemoryStore(client, new QdrantChangeLog(client, options), options, provider.GetRequiredService<ILogger<QdrantMemoryStore>>());
        });
        services.AddSingleton<IStoreBackup>(provider => new QdrantBackup(
            provider.GetRequiredService<QdrantMemoryStore>(), Client(provider, QdrantClient.Name, options), Client(provider, QdrantClient.NameForFiles, options)));
        services.AddMemoryStore<QdrantMemoryStore>();
        services.AddSingleton<IChangeLog>(provider => provider.GetRequiredService<QdrantMemoryStore>());
        services.AddSingleton<IErasure>(provider => provider.GetRequiredService<QdrantMemoryStore>());
        services.AddSingleton<ICollectionMaintenance>(provider => provider.GetRequiredService<QdrantMemoryStore>());
        services.AddSingleton<ITextMaintenance>(provider => provider.GetRequiredService<QdrantMemoryStore>());
        services.AddSingleton<IStoreInspection>(provider => provider.GetRequiredService<QdrantMemoryStore>());
        return services;
    }

    private static QdrantClient Client(IServiceProvider provider, string name, QdrantOptions options) =>
        new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(name), QdrantErrors.For(options), options);

    /// <remarks>Every call may be repeated: writes replace by id, and what is made or deleted twice is so once.</remarks>
    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, QdrantOptions options) => pipeline
        .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout })
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            // A cluster needs seconds to notice that a node is gone. The waits take half the time at most, so that the last answer can be told.
            MaxRetryAttempts = Math.Max(1, (int)(options.Timeout / 2 / TransitionWait)),
            BackoffType = DelayBackoffType.Constant,
            Delay = TransitionWait,
            ShouldHandle = async attempt => attempt.Outcome.Result is { } answer && await QdrantTransition.IsSeenInAsync(answer, attempt.Context.CancellationToken),
        })
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = LongestWait,
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(IsWorthAnotherTry(attempt.Outcome)),
            DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result?.Headers.RetryAfter?.Delta),
        });

    /// <summary>A wait that the server asks for is only waited out where it is short; a longer one is told to the caller.</summary>
    private static bool IsWorthAnotherTry(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException failure } => failure.HttpRequestError is not HttpRequestError.SecureConnectionError,
        { Result: { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } answer } =>
            (answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero) <= LongestWait,
        { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout } => true,
        _ => false,
    };

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new MemoryException($"The file of certificate authorities '{file}' can't be read: {failure.Message}", failure);
        }
        return authorities.Count > 0
            ? authorities
            : throw new MemoryException($"The file of certificate authorities '{file}' holds no certificate in PEM form.");
    }
}
