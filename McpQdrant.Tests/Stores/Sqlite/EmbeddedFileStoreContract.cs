using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite;
using McpQdrant.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class EmbeddedFileStoreContract : MemoryStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteMemoryStore _store;

    public EmbeddedFileStoreContract() => _store = new SqliteMemoryStore(new SqliteStoreOptions { Folder = _folder.Path }, NullLogger<SqliteMemoryStore>.Instance);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private protected override Task<IMemoryStore> OpenAsync() => Task.FromResult<IMemoryStore>(_store);
}
