using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Sqlite;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>A file that version 1.0.0 wrote, with an FTS5 table for each of its two collections, is read as if this version had written it.</summary>
public sealed class OlderFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OlderFormatTests()
    {
        Directory.CreateDirectory(_folder.Path);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "sqlite", "memories-format-1.db"), _folder.File("memories.db"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("deployed", "we deploy on fridays", "zebra zebra zebra deployed")]
    [InlineData("CAFE zurich", "a café in Zürich")]
    [InlineData("日本語の文章です", "日本語の文章です")]
    [InlineData("zebra", "zebra zebra zebra deployed")]
    [InlineData("bicycle")]
    public async Task Search_finds_what_an_older_version_stored(string words, params string[] texts)
    {
        using var store = Open();

        Assert.Equal(texts, await FindAsync(store, "first", words));
    }

    [Fact]
    public async Task Open_leaves_no_table_of_the_older_format()
    {
        using (var store = Open())
            Assert.Equal(["deploy the zebra"], await FindAsync(store, "second", "zebra"));

        Assert.Equal(0L, Ask("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'keywords_[0-9]*'"));
        Assert.Equal(8L, Ask("PRAGMA user_version"));
        Assert.Equal(8L, Ask("SELECT count(*) FROM keywords_docsize"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Open_goes_on_where_a_process_that_ended_left_off(int steps)
    {
        using (var session = new SqliteSession($"Data Source={_folder.File("memories.db")};Pooling=False", generation: 0, SqliteSession.UsualPatience))
        {
            session.Execute(KeywordTable.Definition);
            session.Execute("PRAGMA user_version = 2");
            for (var i = 0; i < steps; i++)
                KeywordMigration.Step(session, size: 1);
            session.BeginWrite(); // and dies within the next step
            session.Execute("DELETE FROM keywords");
        }

        using var store = Open();

        Assert.Equal(["we deploy on fridays", "zebra zebra zebra deployed"], await FindAsync(store, "first", "deploy"));
        Assert.Equal(["deploy the zebra"], await FindAsync(store, "second", "deploy"));
        Assert.Equal(8L, Ask("SELECT count(*) FROM keywords_docsize"));
    }

    [Fact]
    public async Task Open_by_several_at_once_moves_each_memory_once()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => Open()).ToList();

        var found = await Task.WhenAll(stores.Select(store => Task.Run(() => FindAsync(store, "first", "zebra"))));

        stores.ForEach(store => store.Dispose());
        Assert.All(found, texts => Assert.Equal(["zebra zebra zebra deployed"], texts));
        Assert.Equal(8L, Ask("SELECT count(*) FROM keywords_docsize"));
    }

    [Fact]
    public async Task What_is_stored_after_the_move_is_found_beside_the_rest()
    {
        using var store = Open();
        var layout = await LayoutAsync(store, "second");
        await store.UpsertAsync(layout, [new(new Memory(new MemoryId(1), "another zebra", null, null), null)], CancellationToken.None);

        Assert.Equal(["another zebra", "deploy the zebra"], (await FindAsync(store, "second", "zebra")).Order());
    }

    private SqliteMemoryStore Open() => new(new SqliteStoreOptions { Folder = _folder.Path }, NullLogger<SqliteMemoryStore>.Instance);

    private static async Task<IEnumerable<string>> FindAsync(SqliteMemoryStore store, string collection, string words)
    {
        var found = await store.SearchAsync(await LayoutAsync(store, collection), new SearchRequest { Keywords = words, Limit = 10 }, CancellationToken.None);
        return found.Select(hit => hit.Memory.Text);
    }

    private static async Task<CollectionLayout> LayoutAsync(SqliteMemoryStore store, string collection)
    {
        var info = await store.DescribeAsync(CollectionName.Parse(collection), CancellationToken.None);
        var vector = Assert.Single(info!.Vectors, vector => !vector.IsMultivector);
        return new CollectionLayout
        {
            Name = info.Name,
            VectorName = vector.Name,
            VectorSize = vector.Size,
            Distance = vector.Distance,
            Keywords = Bm25Options.Default,
        };
    }

    private long Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
