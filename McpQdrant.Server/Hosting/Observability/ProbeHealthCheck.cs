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

    /// <summary>Time enough to load a model at the start. What takes longer hangs.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposing = new();
    private Task<HealthCheckResult>? _probe;
    private Task? _working;
    private (long At, HealthCheckResult Result)? _last;

    /// <remarks>All who ask at the same time share one probe. It is no caller's own: one that leaves must not end it for the others.</remarks>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < Lifetime)
                return Task.FromResult(last.Result);

            _probe ??= Task.Run(AskAsync, CancellationToken.None);
            return _probe.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _disposing.Cancel();
        _disposing.Dispose();
    }

    /// <exception cref="MemoryException">It doesn't work; the message says why.</exception>
    protected abstract Task ProbeAsync(CancellationToken cancellationToken);

    private async Task<HealthCheckResult> AskAsync()
    {
        try
        {
            var result = await ProbeInTimeAsync();
            TellOfChange(result);
            lock (_lock)
                _last = (clock.GetTimestamp(), result);
            return result;
        }
        finally
        {
            lock (_lock)
                _probe = null;
        }
    }

    private async Task<HealthCheckResult> ProbeInTimeAsync()
    {
        using var limit = new CancellationTokenSource(Timeout, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _disposing.Token);
        try
        {
            // What is probed may not listen to its token. It is not asked a second time while it still works on the first.
            if (_working is not { IsCompleted: false })
                _working = ProbeAsync(ending.Token);
            await _working.WaitAsync(ending.Token);
            return HealthCheckResult.Healthy();
        }
        catch (MemoryException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"{what} did not answer within {Timeout.TotalSeconds:0} seconds.");
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
