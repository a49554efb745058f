using System.Security.Cryptography.X509Certificates;
using Polly;

namespace McpQdrant.Core.Http;

/// <summary>The one way in which this program calls other servers: Qdrant, and providers of embeddings.</summary>
public static class OutboundHttp
{
    /// <summary>
    /// Adds a named client of <see cref="IHttpClientFactory"/> that goes only where it was sent: no redirects, no cookies, and no proxy for
    /// this machine's own servers. Each answer is read whole (unless it isn't to be), so that a connection that breaks amid one is retried like any other.
    /// </summary>
    public static IServiceCollection AddOutboundHttp(this IServiceCollection services, OutboundHttpOptions options)
    {
        var client = services.AddHttpClient(options.Name, http => Configure(http, options))
            .RemoveAllLoggers() // Two lines a call, and the headers with the key at the finest level.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // The sockets are renewed by themselves.
            .ConfigurePrimaryHttpMessageHandler(() => CreateHandler(options));
#pragma warning disable EXTEXP0001 // Retries of the service defaults would multiply these.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        if (options.Outermost is { } outermost)
            client.AddHttpMessageHandler(outermost);
        client.AddResilienceHandler(options.Name, (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
            options.Resilience(pipeline);
        });
        if (options.Innermost is { } innermost)
            client.AddHttpMessageHandler(innermost);
        if (options.IsBuffered)
            client.AddHttpMessageHandler(() => new BufferedResponses());
        return services;
    }

    private static void Configure(HttpClient http, OutboundHttpOptions options)
    {
        http.BaseAddress = options.Address;
        http.Timeout = Timeout.InfiniteTimeSpan; // The pipeline bounds it, retries included.
        if (options.KeyHeader is var (name, value))
            http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
    }

    private static SocketsHttpHandler CreateHandler(OutboundHttpOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            Proxy = new LoopbackProxyBypass(HttpClient.DefaultProxy),
            AllowAutoRedirect = false, // What is sent, and its key, is for the address that was configured.
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // So that a change of address is noticed.
        };
        if (options.IdleTimeout is { } idle)
            handler.PooledConnectionIdleTimeout = idle;
        if (options.ConnectTimeout is { } connect)
            handler.ConnectTimeout = connect;
        if (options.Authorities is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        return handler;
    }

    private sealed class BufferedResponses : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}

/// <summary>A server that is called.</summary>
public sealed record OutboundHttpOptions
{
    /// <summary>The client's name in <see cref="IHttpClientFactory"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Where its API begins, with a slash at its end, so that names can be put after it.</summary>
    public required Uri Address { get; init; }

    /// <summary>The header that carries the key; null where the server asks for none.</summary>
    public required (string Name, string Value)? KeyHeader { get; init; }

    /// <summary>Time limit and retries.</summary>
    public required Action<ResiliencePipelineBuilder<HttpResponseMessage>> Resilience { get; init; }

    /// <summary>Whether an answer is read whole before it is handed on. A file that is too large for that is read as it comes.</summary>
    public bool IsBuffered { get; init; } = true;

    /// <summary>Makes a handler around the retries, which sees the last answer only.</summary>
    public Func<DelegatingHandler>? Outermost { get; init; }

    /// <summary>Makes a handler below the retries, which sees each try; null for none.</summary>
    public Func<IServiceProvider, DelegatingHandler>? Innermost { get; init; }

    /// <summary>How long a connection without a request is kept; null for .NET's default.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long connecting may take; null for no limit but that of the call.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>The certificate authorities to trust in place of the system's; null for the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }
}
