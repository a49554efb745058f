using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>The store as the server composes it: with its sockets, its retries and its limits.</summary>
internal sealed class QdrantService(QdrantOptions options) : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddQdrantStore(options).BuildServiceProvider();

    public IMemoryStore Store => _services.GetRequiredService<QdrantMemoryStore>();

    public ICollectionMaintenance Maintenance => _services.GetRequiredService<ICollectionMaintenance>();

    public static QdrantService At(Uri url, double seconds = 10) => new(new QdrantOptions { Url = url, Timeout = TimeSpan.FromSeconds(seconds) });

    public void Dispose() => _services.Dispose();
}
