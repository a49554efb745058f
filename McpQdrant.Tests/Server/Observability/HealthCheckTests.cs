using McpQdrant.Server.Hosting.Observability;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
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

    public void Dispose() => _folder.Dispose();

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
