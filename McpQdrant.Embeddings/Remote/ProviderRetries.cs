using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace McpQdrant.Embeddings.Remote;

/// <summary>Time limit, limit of requests at once, and retries for a provider, in this order from the outside in.</summary>
internal static class ProviderRetries
{
    private const int Retries = 3;

    public static void AddTo(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, EmbeddingOptions options)
    {
        var clock = pipeline.TimeProvider ?? TimeProvider.System;
        pipeline
            .AddTimeout(options.Timeout)
            .AddConcurrencyLimiter(options.Concurrency ?? ProviderClient.DefaultConcurrency, queueLimit: int.MaxValue)
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(0.5),
                UseJitter = true,
                ShouldRetryAfterHeader = true,
                ShouldHandle = async arguments =>
                    HttpClientResiliencePredicates.IsTransient(arguments.Outcome)
                    && !await IsHopelessAsync(arguments.Outcome.Result, options.Timeout, clock, arguments.Context.CancellationToken),
            });
    }

    /// <summary>Whether another try would meet the same: the text is too long, the money spent, or the wait longer than anyone waits.</summary>
    private static async Task<bool> IsHopelessAsync(HttpResponseMessage? response, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (response is null)
            return false;

        var wait = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - clock.GetUtcNow();
        if (wait > timeout)
            return true;

        var error = await ProviderError.ReadAsync(response, cancellationToken);
        return error.IsTooLong || (error.Status is HttpStatusCode.TooManyRequests && error.Code is "insufficient_quota");
    }
}
