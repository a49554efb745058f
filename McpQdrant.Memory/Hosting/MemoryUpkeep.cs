using Microsoft.Extensions.Hosting;

namespace McpQdrant.Memories.Hosting;

/// <summary>Removes what has expired, and old lines of the log of changes, every hour of a hosted program.</summary>
internal sealed class MemoryUpkeep(InProcessMemories memories) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Not with the first call, which somebody waits for.</summary>
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(FirstAfter, memories.Clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, memories.Clock);
        do
            await memories.KeepUpAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
