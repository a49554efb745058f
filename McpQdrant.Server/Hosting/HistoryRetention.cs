using McpQdrant.Core.History;
using McpQdrant.Core.Ports;

namespace McpQdrant.Server.Hosting;

/// <summary>Removes from the log of changes what is older than it is to be kept, every hour. Several replicas may do so at once.</summary>
internal sealed partial class HistoryRetention(IChangeLog log, HistoryOptions options, TimeProvider clock, ILogger<HistoryRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Not with the first call, which somebody waits for.</summary>
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Retention is not { } retention)
            return;

        await Task.Delay(FirstAfter, clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
            await RemoveAsync(retention, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RemoveAsync(TimeSpan retention, CancellationToken cancellationToken)
    {
        try
        {
            if (await log.RemoveChangesAsync(clock.GetUtcNow() - retention, cancellationToken) is var count and > 0)
                Removed(count);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // It is tried again in an hour, and no reason to end the server.
            Failed(failure);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} old lines from the log of changes")]
    private partial void Removed(long count);

    [LoggerMessage(LogLevel.Warning, "Old lines of the log of changes could not be removed")]
    private partial void Failed(Exception failure);
}
