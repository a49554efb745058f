using McpQdrant.Server.Memories;
using McpQdrant.Server.Stores.Embedded;
using McpQdrant.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Embedded;

public sealed class EmbeddedFileStoreContract : MemoryStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedMemoryStore _store;

    public EmbeddedFileStoreContract() => _store = new EmbeddedMemoryStore(new EmbeddedStoreOptions { Folder = _folder.Path }, NullLogger<EmbeddedMemoryStore>.Instance);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private protected override Task<IMemoryStore> OpenAsync() => Task.FromResult<IMemoryStore>(_store);
}
