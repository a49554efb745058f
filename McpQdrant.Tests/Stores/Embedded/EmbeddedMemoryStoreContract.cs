using McpQdrant.Server.Memories;
using McpQdrant.Server.Stores.Embedded;
using McpQdrant.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Embedded;

public sealed class EmbeddedMemoryStoreContract : MemoryStoreContract, IDisposable
{
    private readonly EmbeddedMemoryStore _store = new(new EmbeddedStoreOptions(), NullLogger<EmbeddedMemoryStore>.Instance);

    public void Dispose() => _store.Dispose();

    private protected override Task<IMemoryStore> OpenAsync() => Task.FromResult<IMemoryStore>(_store);
}
