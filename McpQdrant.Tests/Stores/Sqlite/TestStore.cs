using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>An embedded store with one collection, whose memories all lie in the same place, so that a find returns all of them by id.</summary>
internal sealed class TestStore : IDisposable
{
    private static readonly CollectionSpec Spec = new()
    {
        Name = CollectionName.Parse("notes"),
        Model = new EmbeddingIdentity("local", "test/tiny", 2),
    };

    private static readonly SemanticVector Place = new SemanticVector.Embedded(new float[] { 1, 0 });

    private TestStore(string? folder) => Store = new SqliteMemoryStore(new SqliteStoreOptions { Folder = folder }, NullLogger<SqliteMemoryStore>.Instance);

    public IMemoryStore Store { get; }

    public CollectionLayout Notes { get; } = new()
    {
        Name = Spec.Name,
        VectorName = Spec.Model.VectorName,
        VectorSize = 2,
        Distance = Distance.Cosine,
        Keywords = Spec.Keywords,
    };

    public static async Task<TestStore> OpenAsync(string? folder)
    {
        var store = new TestStore(folder);
        try
        {
            await store.CreateAsync();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public Task CreateAsync() => Store.CreateAsync(Spec, CancellationToken.None);

    public Task CreateAsync(string name) => Store.CreateAsync(Spec with { Name = CollectionName.Parse(name) }, CancellationToken.None);

    public Task StoreAsync(params ulong[] ids) => StoreAsync("text", ids);

    public Task StoreAsync(string text, params ulong[] ids) => Store.UpsertAsync(
        Notes, [.. ids.Select(id => new StoredMemory(new Memory(new MemoryId(id), text, null, null), Place))], CancellationToken.None);

    public Task<long> DeleteAsync(params ulong[] ids) =>
        Store.DeleteAsync(Notes, new MemorySelection.ByIds([.. ids.Select(id => new MemoryId(id))]), CancellationToken.None);

    public async Task<IReadOnlyList<ulong>> FindAsync(int limit = 10_000, string? words = null)
    {
        var search = new SearchRequest { Vector = words is null ? Place : null, Keywords = words, Limit = limit };
        var found = await Store.SearchAsync(Notes, search, CancellationToken.None);
        return [.. found.Select(hit => hit.Memory.Id.Number)];
    }

    public void Dispose() => ((IDisposable)Store).Dispose();
}
