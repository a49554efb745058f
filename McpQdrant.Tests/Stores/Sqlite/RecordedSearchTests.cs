using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite;
using McpQdrant.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>The embedded store answers what a real Qdrant answered.</summary>
public sealed class RecordedSearchTests : IAsyncLifetime
{
    private static readonly CollectionSpec Spec = new()
    {
        Name = CollectionName.Parse("recorded"),
        Model = new EmbeddingIdentity("local", "recorded", 32),
    };

    private static readonly CollectionLayout Layout = new()
    {
        Name = Spec.Name,
        VectorName = Spec.Model.VectorName,
        VectorSize = 32,
        Distance = Distance.Cosine,
    };

    private readonly SqliteMemoryStore _store = new(new SqliteStoreOptions(), NullLogger<SqliteMemoryStore>.Instance);

    public async ValueTask InitializeAsync()
    {
        await _store.CreateAsync(Spec, CancellationToken.None);
        await _store.UpsertAsync(Layout, RecordedSearch.Points, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("nearest")]
    [InlineData("filter")]
    [InlineData("threshold")]
    [InlineData("offset")]
    [InlineData("mmr")]
    public async Task Search_answers_as_recorded(string kind)
    {
        Assert.NotEmpty(RecordedSearch.Cases(kind));
        foreach (var recorded in RecordedSearch.Cases(kind))
        {
            var request = recorded.GetProperty("request");
            var skip = Number(request, "offset") ?? 0;

            var found = await _store.SearchAsync(Layout, SearchOf(request, (int)skip), CancellationToken.None);

            var expected = recorded.GetProperty("result").EnumerateArray().ToList();
            Assert.Equal(
                expected.Select(point => point.GetProperty("id").GetUInt64()), found.Skip((int)skip).Select(hit => hit.Memory.Id.Number));
            Assert.All(expected.Zip(found.Skip((int)skip)), pair =>
                Assert.Equal(pair.First.GetProperty("score").GetDouble(), pair.Second.Score, 1e-5));
        }
    }

    [Fact]
    public async Task Stored_vectors_come_back_as_recorded()
    {
        var stored = await _store.ReadAllAsync(Layout, null, withVectors: true, CancellationToken.None).Take(20).ToListAsync(CancellationToken.None);

        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3", "search", "stored-vectors.jsonl"));
        Assert.All(lines.Select(line => JsonElement.Parse(line)).Zip(stored), pair =>
            Assert.All(Vector(pair.First).Zip(Vector(pair.Second)), numbers => Assert.Equal(numbers.First, numbers.Second, 1e-7f)));
    }

    private static SearchRequest SearchOf(JsonElement request, int skip)
    {
        var query = request.GetProperty("query");
        var mmr = query.ValueKind == JsonValueKind.Object ? query.GetProperty("mmr") : (JsonElement?)null;
        var vector = RecordedSearch.Floats(mmr is null ? query : query.GetProperty("nearest"));
        return new SearchRequest
        {
            Vector = new SemanticVector.Embedded(vector),
            Limit = skip + request.GetProperty("limit").GetInt32(),
            Filter = request.TryGetProperty("filter", out var filter) ? Filter.Parse(filter) : null,
            SimilarityThreshold = Number(request, "score_threshold"),
            Diversity = mmr?.GetProperty("diversity").GetDouble(),
        };
    }

    private static double? Number(JsonElement request, string name) => request.TryGetProperty(name, out var number) ? number.GetDouble() : null;

    private static float[] Vector(StoredMemory stored) => ((SemanticVector.Embedded)stored.Vector!).Values.ToArray();

    private static float[] Vector(JsonElement point) => RecordedSearch.Floats(point.GetProperty("vector"));
}
