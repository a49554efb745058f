using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Contract;

/// <summary>What every store must do. A store's own test class opens it; each test uses a collection of its own.</summary>
public abstract partial class MemoryStoreContract
{
    private protected static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract Task<IMemoryStore> OpenAsync();

    private protected static CollectionSpec NewSpec(int size = 2) => new()
    {
        Name = CollectionName.Parse($"notes-{Guid.NewGuid():N}"),
        Model = new EmbeddingIdentity("local", "test/Tiny-Model", size),
    };

    private protected static CollectionLayout LayoutOf(CollectionSpec spec) => new()
    {
        Name = spec.Name,
        VectorName = spec.Model.VectorName,
        VectorSize = spec.Model.Dimensions,
        Distance = Distance.Cosine,
        Keywords = spec.Keywords,
    };

    private protected static StoredMemory Note(ulong id, string text, float[]? vector, string? metadata = null, DateTimeOffset? storedAt = null) =>
        Note(new MemoryId(id), text, vector, metadata, storedAt);

    private protected static StoredMemory Note(MemoryId id, string text, float[]? vector, string? metadata = null, DateTimeOffset? storedAt = null) =>
        new(
            new Memory(id, text, metadata is null ? null : JsonElement.Parse(metadata), storedAt),
            vector is null ? null : new SemanticVector.Embedded(vector));

    private protected static SemanticVector Towards(params float[] values) => new SemanticVector.Embedded(values);

    private protected static MemoryId[] Ids(params ulong[] numbers) => Array.ConvertAll(numbers, number => new MemoryId(number));

    private protected static MemoryId[] IdsOf(IEnumerable<SearchHit> hits) => [.. hits.Select(hit => hit.Memory.Id)];

    /// <summary>A store and an empty collection in it.</summary>
    private async Task<(IMemoryStore Store, CollectionLayout Notes)> OpenNotesAsync(int size = 2)
    {
        var store = await OpenAsync();
        var spec = NewSpec(size);
        await store.CreateAsync(spec, Token);
        return (store, LayoutOf(spec));
    }

    private async Task<(IMemoryStore Store, CollectionLayout Notes)> OpenNotesAsync(params StoredMemory[] memories)
    {
        var (store, notes) = await OpenNotesAsync();
        await store.UpsertAsync(notes, memories, Token);
        return (store, notes);
    }
}
