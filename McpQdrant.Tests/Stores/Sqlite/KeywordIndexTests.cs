using CsCheck;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Sqlite.Tables;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>The words in this process answer as FTS5's own ranking of the same memories would, whatever was written before.</summary>
public sealed class KeywordIndexTests : IDisposable
{
    private const string Words = "deploy deployed deployment kubernetes café cafe secret rotation zebra zebras x2 日本語";

    private static readonly Gen<string> AnyWord = Gen.Int[0, Words.Split(' ').Length - 1].Select(i => Words.Split(' ')[i]);
    private static readonly Gen<string> AnyText = AnyWord.Array[1, 12].Select(words => string.Join(' ', words) + (words.Length > 9 ? " rare" : ""));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Search_scores_as_fts5_does_after_any_writes()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        var question = await KeptAsync(store);

        await Gen.Select(Gen.Int[0, 9], Gen.ULong[1, 40], AnyText, AnyWord).SampleAsync(
            async (action, id, text, word) =>
            {
                await (action < 2 ? store.DeleteAsync(id) : store.StoreAsync(text, id));

                var (expected, actual) = (ScoresOfFts5($"\"{word}\" OR rare"), await ScoresAsync(store, $"{word} rare"));
                Assert.Equal(expected.Order(), actual.Order(), (one, other) => one.Id == other.Id && Math.Abs(one.Score - other.Score) < 1e-4);
            },
            iter: 300, threads: 1);
        Assert.NotEmpty(await ScoresAsync(store, question));
    }

    [Fact]
    public async Task Search_sees_what_another_store_wrote_after_a_question_was_asked()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        using var other = await TestStore.OpenAsync(_folder.Path);
        var question = await KeptAsync(store);

        await other.StoreAsync("a deployment of zebras", 101);
        await other.StoreAsync([.. Enumerable.Range(200, 400).Select(id => (ulong)id)]);
        await other.StoreAsync("zebra", 102);

        Assert.Equal([102UL, 101], (await ScoresAsync(store, question)).Select(hit => hit.Id).Where(id => id > 100));
    }

    [Fact]
    public async Task Search_in_many_threads_while_others_write_gives_every_answer_whole()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        await store.StoreAsync("zebra", 1, 2, 3);

        var writes = Enumerable.Range(10, 60).Select(id => Task.Run(() => store.StoreAsync("a giraffe", (ulong)id)));
        var finds = Enumerable.Range(0, 200).Select(_ => Task.Run(() => store.FindAsync(words: "zebra")));
        await Task.WhenAll(writes);

        Assert.All(await Task.WhenAll(finds), found => Assert.Equal([1UL, 2, 3], found));
        Assert.Equal(60, (await store.FindAsync(words: "giraffe")).Count);
    }

    /// <summary>Asks once, so that the words of the question are kept from then on.</summary>
    private static async Task<string> KeptAsync(TestStore store)
    {
        const string Question = "zebra";
        await store.StoreAsync("zebra kubernetes", 1);
        await ScoresAsync(store, Question);
        return Question;
    }

    private static async Task<List<(ulong Id, double Score)>> ScoresAsync(TestStore store, string words)
    {
        var found = await store.Store.SearchAsync(store.Notes, new SearchRequest { Keywords = words, Limit = 1000 }, CancellationToken.None);
        return [.. found.Select(hit => (hit.Memory.Id.Number, hit.Score))];
    }

    private List<(ulong Id, double Score)> ScoresOfFts5(string query)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        // A fresh index, since the statistics of one without content still count what was deleted.
        command.CommandText =
            """
            CREATE VIRTUAL TABLE temp.fresh USING fts5(words, tokenize = 'porter unicode61 remove_diacritics 2');
            INSERT INTO temp.fresh (rowid, words) SELECT row, text FROM memories;
            SELECT memories.id, rank FROM temp.fresh JOIN memories ON row = fresh.rowid WHERE fresh MATCH $1;
            """;
        command.Parameters.AddWithValue("$1", query);
        using var row = command.ExecuteReader();
        var scores = new List<(ulong Id, double Score)>();
        while (row.Read())
            scores.Add((StoredId.Read((byte[])row[0]).Number, -row.GetDouble(1)));
        return scores;
    }
}
