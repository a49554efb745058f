using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Server.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>The store as the server composes it: with its sockets, its retries and its limits.</summary>
internal sealed class QdrantService : IDisposable
{
    private readonly ServiceProvider _services;

    public QdrantService(QdrantOptions options) =>
        _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Log)).AddQdrantStore(options).BuildServiceProvider();

    public LogCapture Log { get; } = new();

    public IMemoryStore Store => _services.GetRequiredService<QdrantMemoryStore>();

    public ICollectionMaintenance Maintenance => _services.GetRequiredService<ICollectionMaintenance>();

    public static QdrantService At(Uri url, double seconds = 10) => new(new QdrantOptions { Url = url, Timeout = TimeSpan.FromSeconds(seconds) });

    public void Dispose() => _services.Dispose();
}
