using McpQdrant.Core.Access;
using McpQdrant.Core.Expiry;

namespace McpQdrant.Server.Hosting;

/// <summary>Removes memories that have expired, every hour. Several replicas may do so at once.</summary>
internal sealed partial class ExpirySweep(ExpireMemories expire, TimeProvider clock, ILogger<ExpirySweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Not with the first call, which somebody waits for.</summary>
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(2);

    /// <summary>In the audit log and in the log of changes.</summary>
    private static readonly Caller Sweeper = Caller.Local with { Name = "expiry" };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(FirstAfter, clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
            await RemoveAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if ((await expire.HandleAsync(Sweeper, new ExpireMemoriesRequest(), cancellationToken)).Touched.Count is var count and > 0)
                Removed(count);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // It is tried again in an hour, and no reason to end the server: nobody finds them meanwhile.
            Failed(failure);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} memories that had expired")]
    private partial void Removed(int count);

    [LoggerMessage(LogLevel.Warning, "Memories that have expired could not be removed")]
    private partial void Failed(Exception failure);
}
