using McpQdrant.Core.Ports;
using McpQdrant.Tests.Contract;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>The Qdrant store against the stand-in, over real sockets.</summary>
public sealed class QdrantStandInContract : MemoryStoreContract, IAsyncDisposable
{
    private QdrantStandIn? _server;
    private QdrantService? _service;

    public async ValueTask DisposeAsync()
    {
        _service?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private protected override async Task<IMemoryStore> OpenAsync()
    {
        _server ??= await QdrantStandIn.StartAsync(new QdrantStandInOptions(), Token);
        _service ??= QdrantService.At(_server.Url, seconds: 120);
        return _service.Store;
    }
}
