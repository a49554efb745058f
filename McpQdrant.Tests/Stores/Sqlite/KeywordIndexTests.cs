using System.Text.Json;
using CsCheck;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Keywords;
using McpQdrant.Stores.Sqlite.Index;
using McpQdrant.Stores.Sqlite.Tables;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>The keywords in this process answer as BM25 computed anew from the same memories would, whatever was written before.</summary>
public sealed class KeywordIndexTests : IDisposable
{
    private const string Words = "deploy deployed deployment kubernetes café cafe secret rotation zebra zebras x2 日本語";

    private static readonly Gen<string> AnyWord = Gen.Int[0, Words.Split(' ').Length - 1].Select(i => Words.Split(' ')[i]);
    private static readonly Gen<string> AnyText = AnyWord.Array[1, 12].Select(words => string.Join(' ', words) + (words.Length > 9 ? " rare" : ""));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Search_scores_as_bm25_of_what_is_there_after_any_writes()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        var question = await KeptAsync(store);

        await Gen.Select(Gen.Int[0, 9], Gen.ULong[1, 40], AnyText, AnyWord).SampleAsync(
            async (action, id, text, word) =>
            {
                await (action < 2 ? store.DeleteAsync(id) : store.StoreAsync(text, id));

                var (expected, actual) = (Bm25Of($"{word} rare"), await ScoresAsync(store, $"{word} rare"));
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
    public async Task Search_finds_all_after_reading_the_file_failed_once()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        var question = await KeptAsync(store);
        await store.StoreAsync(question, 2, 3);
        Execute("UPDATE memories SET metadata = 'no JSON' WHERE row = (SELECT max(row) FROM memories)");
        await Assert.ThrowsAnyAsync<JsonException>(() => ScoresAsync(store, question));

        Execute("UPDATE memories SET metadata = NULL");

        Assert.Equal(new ulong[] { 1, 2, 3 }, (await ScoresAsync(store, question)).Select(hit => hit.Id).Order());
    }

    [Fact]
    public void Get_keeps_no_word_that_no_memory_has()
    {
        var index = new KeywordIndex(averageLength: 100);

        for (var i = 0; i < 1000; i++)
            Assert.Equal(0, index.Get($"unknown{i}", _ => new TermList()).Count);

        Assert.True(index.IsEmpty);
    }

    [Fact]
    public void Get_keeps_no_more_than_it_has_room_for()
    {
        var index = new KeywordIndex(averageLength: 100);
        var list = new TermList();
        list.Add(0, 1);

        for (var i = 0; i < 100_000; i++)
        {
            index.Get($"word{i}", _ => list);
            Assert.InRange(index.Size, 1, KeywordIndex.MaxSize);
        }
    }

    [Fact]
    public async Task A_word_of_any_length_is_found_by_its_beginning()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        var word = string.Concat(Enumerable.Repeat("0123456789", 10_000));
        await store.StoreAsync(word, 1);
        await store.StoreAsync("🂡" + string.Concat(Enumerable.Repeat("𝒳", 40_000)), 2);

        Assert.Equal([1UL], await store.FindAsync(words: word));
        Assert.Equal([1UL], await store.FindAsync(words: word[..400]));
        Assert.Equal([2UL], await store.FindAsync(words: string.Concat(Enumerable.Repeat("𝒳", 40_000))));
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

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task<List<(ulong Id, double Score)>> ScoresAsync(TestStore store, string words)
    {
        var found = await store.Store.SearchAsync(store.Notes, new SearchRequest { Keywords = words, Limit = 1000 }, CancellationToken.None);
        return [.. found.Select(hit => (hit.Memory.Id.Number, hit.Score))];
    }

    /// <summary>Qdrant's formula over the terms that FTS5 makes of the texts that are there now.</summary>
    private List<(ulong Id, double Score)> Bm25Of(string question)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=false");
        connection.Open();
        connection.CreateFunction("keyword_text", (string text) => KeywordText.Of(text));
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            CREATE VIRTUAL TABLE temp.texts USING fts5(words, tokenize = 'porter unicode61 remove_diacritics 2');
            CREATE VIRTUAL TABLE temp.terms USING fts5vocab(texts, instance);
            INSERT INTO temp.texts (rowid, words) SELECT row, keyword_text(text) FROM memories UNION ALL SELECT 0, $1;
            SELECT memories.id, terms.doc, terms.term FROM temp.terms LEFT JOIN memories ON row = doc;
            """;
        command.Parameters.AddWithValue("$1", KeywordText.Of(question));
        using var row = command.ExecuteReader();
        var instances = new List<(byte[]? Id, long Row, string Term)>();
        while (row.Read())
            instances.Add((row[0] as byte[], row.GetInt64(1), row.GetString(2)));

        var asked = instances.Where(one => one.Row == 0).Select(one => one.Term).ToHashSet();
        var texts = instances.Where(one => one.Row > 0).GroupBy(one => one.Row).ToList();
        var idf = asked.ToDictionary(term => term, term =>
        {
            var found = texts.Count(text => text.Any(one => one.Term == term));
            return Math.Log(1 + ((texts.Count - found + 0.5) / (found + 0.5)));
        });
        return
        [
            .. from text in texts
               let score = text.Where(one => asked.Contains(one.Term)).GroupBy(one => one.Term).Sum(term =>
                   idf[term.Key] * (term.Count() * 2.2) / (term.Count() + (1.2 * (0.25 + (0.75 * text.Count() / 100)))))
               where score > 0
               select (StoredId.Read(text.First().Id!).Number, score),
        ];
    }
}
