using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpQdrant.Server.Hosting.Observability;

/// <summary>Asks something that costs a little whether it works, seldom enough that strangers who ask often don't matter.</summary>
/// <param name="what">What is asked, as a sentence begins: "The store".</param>
internal abstract partial class ProbeHealthCheck(string what, TimeProvider clock, ILogger logger) : IHealthCheck, IDisposable
{
    /// <summary>How long an answer counts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1);
    private (long At, HealthCheckResult Result)? _last;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < Lifetime)
                return last.Result;

            var result = await AskAsync(cancellationToken);
            TellOfChange(result);
            _last = (clock.GetTimestamp(), result);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <exception cref="MemoryException">It doesn't work; the message says why.</exception>
    protected abstract Task ProbeAsync(CancellationToken cancellationToken);

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (MemoryException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"{what} did not answer in time.");
        }
    }

    private void TellOfChange(HealthCheckResult result)
    {
        var wasHealthy = _last is not { Result.Status: not HealthStatus.Healthy };
        if (wasHealthy && result.Status != HealthStatus.Healthy)
            Broke(what, result.Description!);
        else if (!wasHealthy && result.Status == HealthStatus.Healthy)
            Recovered(what);
    }

    [LoggerMessage(LogLevel.Error, "{What} doesn't work, and this server is not ready: {Reason}")]
    private partial void Broke(string what, string reason);

    [LoggerMessage(LogLevel.Information, "{What} works again")]
    private partial void Recovered(string what);
}

/// <summary>Healthy where the store answers, with the credentials it was given.</summary>
internal sealed class StoreHealthCheck(IMemoryStore store, TimeProvider clock, ILogger<StoreHealthCheck> logger) : ProbeHealthCheck("The store", clock, logger)
{
    protected override Task ProbeAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);
}

/// <summary>Healthy where the embedding model is loaded, or its provider has answered once.</summary>
internal sealed class EmbedderHealthCheck(ITextEmbedder embedder, TimeProvider clock, ILogger<EmbedderHealthCheck> logger)
    : ProbeHealthCheck("The embedding model", clock, logger)
{
    protected override Task ProbeAsync(CancellationToken cancellationToken) => embedder.IdentifyAsync(cancellationToken).AsTask();
}
