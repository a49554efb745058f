using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite;
using McpQdrant.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class EmbeddedMemoryStoreContract : MemoryStoreContract, IDisposable
{
    private readonly SqliteMemoryStore _store = new(new SqliteStoreOptions(), NullLogger<SqliteMemoryStore>.Instance);

    public void Dispose() => _store.Dispose();

    private protected override Task<IMemoryStore> OpenAsync() => Task.FromResult<IMemoryStore>(_store);
}
