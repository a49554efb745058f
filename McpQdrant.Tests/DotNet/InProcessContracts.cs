using McpQdrant.Memories;
using McpQdrant.Tests.Qdrant;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.DotNet;

/// <summary>A memory that this process keeps itself.</summary>
public abstract class InProcessContract : MemoriesContract
{
    private ServiceProvider? _services;

    protected abstract Task UseStoreAsync(Action<Action<MemoryBuilder>> use);

    protected override async Task<IMemories> OpenAsync()
    {
        await UseStoreAsync(useStore => _services = new ServiceCollection().AddMemory(memory =>
        {
            useStore(memory);
            memory.UseLocalModel();
        }).BuildServiceProvider());
        return _services!.GetRequiredService<IMemories>();
    }

    protected override async ValueTask CloseAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
    }
}

/// <summary>In a SQLite file.</summary>
public sealed class SqliteMemoriesContract : InProcessContract
{
    private readonly TemporaryFolder _folder = new();

    protected override Task UseStoreAsync(Action<Action<MemoryBuilder>> use)
    {
        use(memory => memory.UseSqlite(_folder.Path));
        return Task.CompletedTask;
    }

    protected override async ValueTask CloseAsync()
    {
        await base.CloseAsync();
        _folder.Dispose();
    }
}

/// <summary>In a Qdrant server, by the connection string that Aspire gives.</summary>
public sealed class QdrantMemoriesContract : InProcessContract
{
    private QdrantStandIn? _server;

    protected override async Task UseStoreAsync(Action<Action<MemoryBuilder>> use)
    {
        _server = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions { Keys = new Dictionary<string, StandInAccess> { ["secret-key"] = StandInAccess.Everything } }, Token);
        use(memory => memory.UseQdrant($"Endpoint={_server.Url};Key=secret-key"));
    }

    protected override async ValueTask CloseAsync()
    {
        await base.CloseAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
