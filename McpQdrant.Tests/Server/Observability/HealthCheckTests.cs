using McpQdrant.Server.Hosting.Observability;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Server.Observability;

public sealed class HealthCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Store_that_answers_is_healthy()
    {
        await using var services = Services(_folder.Path);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(services)).Status);
    }

    [Fact]
    public async Task Store_that_does_not_work_is_unhealthy_for_a_reason_and_recovers()
    {
        var blocked = _folder.File("store");
        await File.WriteAllTextAsync(blocked, "a file where a folder should be", Token);
        await using var services = Services(blocked);

        var broken = await CheckAsync(services);
        File.Delete(blocked);
        _clock.Advance(ProbeHealthCheck.Lifetime);
        var mended = await CheckAsync(services);

        Assert.Equal(HealthStatus.Unhealthy, broken.Status);
        Assert.Contains("folder", broken.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, mended.Status);
    }

    [Fact]
    public async Task Answer_counts_for_a_while_so_that_asking_often_costs_nothing()
    {
        var blocked = _folder.File("store");
        await File.WriteAllTextAsync(blocked, "a file where a folder should be", Token);
        await using var services = Services(blocked);

        await CheckAsync(services);
        File.Delete(blocked);
        _clock.Advance(ProbeHealthCheck.Lifetime / 2);

        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(services)).Status);
    }

    [Fact]
    public async Task One_who_leaves_does_not_end_the_probe_of_the_others()
    {
        using var probe = new SlowProbe(_clock);
        using var leaving = new CancellationTokenSource();

        var first = probe.CheckHealthAsync(new HealthCheckContext(), leaving.Token);
        var second = probe.CheckHealthAsync(new HealthCheckContext(), Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        probe.Answer.SetResult();

        Assert.Equal(HealthStatus.Healthy, (await second).Status);
        Assert.Equal(HealthStatus.Healthy, (await probe.CheckHealthAsync(new HealthCheckContext(), Token)).Status);
        Assert.Equal(1, probe.Asked);
    }

    [Fact]
    public async Task Probe_that_hangs_is_given_up_and_not_started_again_beside_itself()
    {
        using var probe = new SlowProbe(_clock);

        var first = probe.CheckHealthAsync(new HealthCheckContext(), Token);
        await probe.Begun.Task.WaitAsync(Token);
        _clock.Advance(ProbeHealthCheck.Timeout);
        Assert.Equal(HealthStatus.Unhealthy, (await first).Status);
        _clock.Advance(ProbeHealthCheck.Lifetime);
        var second = probe.CheckHealthAsync(new HealthCheckContext(), Token);
        while (!second.IsCompleted)
        {
            _clock.Advance(ProbeHealthCheck.Timeout);
            await Task.Yield();
        }

        Assert.Equal(HealthStatus.Unhealthy, (await second).Status);
        Assert.Equal(1, probe.Asked);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Answers when a test says so, and doesn't listen to its token.</summary>
    private sealed class SlowProbe(TimeProvider clock) : ProbeHealthCheck("The probe", clock, NullLogger.Instance)
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked { get; private set; }

        protected override Task ProbeAsync(CancellationToken cancellationToken)
        {
            Asked++;
            Begun.TrySetResult();
            return Answer.Task;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ServiceProvider Services(string folder) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(_clock)
        .AddSqliteStore(new SqliteStoreOptions { Folder = folder })
        .AddSingleton<StoreHealthCheck>()
        .BuildServiceProvider();

    private static Task<HealthCheckResult> CheckAsync(ServiceProvider services) =>
        services.GetRequiredService<StoreHealthCheck>().CheckHealthAsync(new HealthCheckContext(), Token);
}
