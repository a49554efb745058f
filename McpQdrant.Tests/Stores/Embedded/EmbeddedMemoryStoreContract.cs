using McpQdrant.Server.Memories;
using McpQdrant.Server.Stores.Embedded;
using McpQdrant.Tests.Contract;

namespace McpQdrant.Tests.Stores.Embedded;

public sealed class EmbeddedMemoryStoreContract : MemoryStoreContract, IDisposable
{
    private readonly EmbeddedMemoryStore _store = new(new EmbeddedStoreOptions());

    public void Dispose() => _store.Dispose();

    private protected override Task<IMemoryStore> OpenAsync() => Task.FromResult<IMemoryStore>(_store);
}
