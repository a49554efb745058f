using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>The embedded store scores keywords as a real Qdrant did. (Words whose stem the two find in different ways are left out, and scripts without blanks, which Qdrant by itself doesn't split.)</summary>
public sealed class RecordedKeywordTests : IAsyncLifetime
{
    private static readonly JsonElement[] Exchanges =
        [.. JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3", "exchanges", "bm25-texts.json"))).EnumerateArray()];

    private static readonly CollectionSpec Spec = new()
    {
        Name = CollectionName.Parse("texts"),
        Model = new EmbeddingIdentity("local", "test/tiny", 2),
        Keywords = new Bm25Options(AverageLength: 256, Language: "english"), // what Qdrant assumes where a request says nothing
    };

    private static readonly CollectionLayout Layout = new()
    {
        Name = Spec.Name,
        VectorName = Spec.Model.VectorName,
        VectorSize = 2,
        Distance = Distance.Cosine,
        Keywords = Spec.Keywords,
    };

    private readonly SqliteMemoryStore _store = new(new SqliteStoreOptions(), NullLogger<SqliteMemoryStore>.Instance);

    public async ValueTask InitializeAsync()
    {
        await _store.CreateAsync(Spec, CancellationToken.None);
        var points = Exchanges.First(one => one.GetProperty("request").GetProperty("path").GetString()!.Contains("/points?", StringComparison.Ordinal))
            .GetProperty("request").GetProperty("body").GetProperty("points").EnumerateArray();
        await _store.UpsertAsync(Layout, [.. points.Select(Memory)], CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("quick foxes")]
    [InlineData("RUNNING")]
    [InlineData("C#")]
    [InlineData("user name")]
    [InlineData("camelcase")]
    [InlineData("404")]
    public async Task Keywords_score_as_recorded(string words)
    {
        var expected = Exchanges.Single(one => one.GetProperty("name").GetString() == $"find '{words}'")
            .GetProperty("response").GetProperty("body").GetProperty("result").GetProperty("points").EnumerateArray().ToList();

        var found = await _store.SearchAsync(Layout, new SearchRequest { Keywords = words, Limit = 10 }, CancellationToken.None);

        Assert.Equal(expected.Select(point => point.GetProperty("id").GetUInt64()), found.Select(hit => hit.Memory.Id.Number));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.GetProperty("score").GetDouble(), pair.Second.Score, 1e-4));
    }

    private static StoredMemory Memory(JsonElement point) => new(
        new Memory(
            new MemoryId(point.GetProperty("id").GetUInt64()),
            point.GetProperty("vector").GetProperty("bm25").GetProperty("text").GetString()!, Metadata: null, StoredAt: null),
        Vector: null);
}
