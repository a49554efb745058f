using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>A file whose memories were indexed by whole runs of characters, as older versions did.</summary>
public sealed class KeywordRewriteTests : IDisposable
{
    private const string Text = "用户服务器部署在腾讯云";

    private static readonly CollectionSpec Spec = new()
    {
        Name = CollectionName.Parse("notes"),
        Model = new EmbeddingIdentity("local", "test/tiny", 2),
        Keywords = new Bm25Options(100, "english"),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteMemoryStore _store;

    public KeywordRewriteTests() => _store = Open();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_makes_older_keywords_anew_once()
    {
        var layout = await WriteAsOlderVersionsDidAsync();
        Assert.Empty(await FindAsync(_store, layout, "腾讯云"));
        Assert.Single(await FindAsync(_store, layout, Text));

        var rewrite = new KeywordRewrite(_store, _store);
        var written = await rewrite.RunAsync(layout, await NotesAsync(), new Progress<BackfillProgress>(), Token);

        Assert.Equal(1, written);
        Assert.Single(await FindAsync(_store, layout, "腾讯云"));
        using (var other = Open())
            Assert.Single(await FindAsync(other, layout, "腾讯云"));
        Assert.True((await NotesAsync()).Keywords!.HasPairs);
        Assert.Equal(Spec.Model, (await NotesAsync()).Model);
        Assert.Equal(0, await rewrite.RunAsync(layout, await NotesAsync(), new Progress<BackfillProgress>(), Token));
    }

    private SqliteMemoryStore Open() => new(new SqliteStoreOptions { Folder = _folder.Path }, NullLogger<SqliteMemoryStore>.Instance);

    private async Task<CollectionMetadata> NotesAsync() => CollectionMetadata.Read((await _store.DescribeAsync(Spec.Name, Token))!.Metadata)!;

    private async Task<CollectionLayout> WriteAsOlderVersionsDidAsync()
    {
        var layout = new CollectionLayout { Name = Spec.Name, VectorName = Spec.Model.VectorName, VectorSize = 2, Distance = Distance.Cosine, Keywords = Spec.Keywords };
        await _store.CreateAsync(Spec, Token);
        await _store.UpsertAsync(layout, [new StoredMemory(new Memory(new MemoryId(1), Text, null, null), null), new StoredMemory(new Memory(new MemoryId(2), "tea", null, null), null)], Token);

        using var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM keywords WHERE rowid = 1; INSERT INTO keywords (rowid, terms) VALUES (1, $1)";
        command.Parameters.AddWithValue("$1", $"1_{Text}");
        command.ExecuteNonQuery();
        return layout;
    }

    private static Task<IReadOnlyList<SearchHit>> FindAsync(SqliteMemoryStore store, CollectionLayout layout, string words) =>
        store.SearchAsync(layout, new SearchRequest { Keywords = words, Limit = 5 }, Token);
}
