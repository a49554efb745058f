using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class FindToolTests
{
    [Fact]
    public async Task A_hit_explains_itself()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the key E4711 rotates", """{"a":[1]}""");
        await host.StoreAsync("the dog sat");

        var found = await host.FindAsync("E4711");

        var (best, other) = (found.Results[0], found.Results[1]);
        Assert.Equal("hybrid", found["search"]);
        Assert.Equal(
            (id, "the key E4711 rotates", """{"a":[1]}""", 1),
            (best.GetProperty("id").GetString(), best.GetProperty("content").GetString(), best.GetProperty("metadata").ToString(), best.GetProperty("keyword_rank").GetInt32()));
        Assert.Equal(host.Clock.GetUtcNow(), best.GetProperty("created_at").GetDateTimeOffset());
        Assert.True(best.GetProperty("score").GetDouble() > other.GetProperty("score").GetDouble());
        Assert.False(other.TryGetProperty("keyword_rank", out _));
        Assert.Equal(("notes", "notes"), (best.GetProperty("collection").GetString(), other.GetProperty("collection").GetString()));
        Assert.Equal(found.Texts[0], found["note"]);
        Assert.All(found.Results, hit => Assert.InRange(hit.GetProperty("similarity").GetDouble(), -1.0001, 1.0001));
        Assert.Equal("Results for the query 'E4711'", found.Texts[0]);
        Assert.Equal($$"""<entry id="{{id}}" stored="2026-03-01T12:00:00Z" collection="notes"><content>the key E4711 rotates</content><metadata>{"a":[1]}</metadata></entry>""", found.Texts[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hit_in_a_long_text_says_which_passage_matched(bool isQdrant)
    {
        using var qdrant = new StandInHandler();
        await using var host = await ToolHost.StartAsync(isQdrant ? qdrant : null);
        const string Passage = "Nobody but the night watch has the key E4711 of the zebra house.";
        var text = string.Concat(Enumerable.Repeat("The harbour was quiet and the cranes stood still all day long. ", 20)) + "\n\n" + Passage;
        await host.StoreAsync(text);
        await host.StoreAsync("a zebra is striped");

        var hit = (await host.FindAsync("who has the key of the zebra house?")).Results[0];

        var passage = hit.GetProperty("passage");
        var (start, end) = (passage.GetProperty("start").GetInt32(), passage.GetProperty("end").GetInt32());
        Assert.Equal(text, hit.GetProperty("content").GetString());
        Assert.Equal((Passage, text.Length - Passage.Length, text.Length), (passage.GetProperty("text").GetString(), start, end));
    }

    [Fact]
    public async Task A_long_text_that_has_no_room_is_shown_by_the_passage_that_matched()
    {
        await using var host = await ToolHost.StartAsync(("MCP_MAX_ANSWER_BYTES", "10000"));
        const string Passage = "Nobody but the night watch has the key of the zebra house.";
        await host.StoreAsync(string.Concat(Enumerable.Repeat("The harbour was quiet and the cranes stood still all day long. ", 300)) + "\n\n" + Passage);

        var hit = (await host.FindAsync("zebra house")).Results[0];

        Assert.Equal((Passage, true), (hit.GetProperty("content").GetString(), hit.GetProperty("partial").GetBoolean()));
    }

    [Theory]
    [InlineData("hybrid", 2, true, true)]
    [InlineData("dense", 2, true, false)]
    [InlineData("keyword", 1, false, true)]
    public async Task A_mode_says_what_it_went_by(string mode, int count, bool hasSimilarity, bool hasRank)
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_SEARCH", mode));
        await host.StoreAsync("the cat");
        await host.StoreAsync("the dog");

        var found = await host.FindAsync("cat");

        Assert.Equal(mode, found["search"]);
        Assert.Equal(count, found.Results.Count);
        Assert.Equal("the cat", found.Found[0]);
        Assert.Equal(hasSimilarity, found.Results[0].TryGetProperty("similarity", out _));
        Assert.Equal(hasRank, found.Results[0].TryGetProperty("keyword_rank", out _));
    }

    public static TheoryData<string> AnyText =>
    [
        "\"", "\"unclosed", "\"the cat\"", "'", "''", "*", "cat*", "^cat", "NEAR", "NEAR(cat mat, 2)", "cat NEAR mat", "OR", "cat OR", "AND", "NOT", "NOT cat", "cat AND NOT",
        "(", ")", "{", "document: cat", "-cat", "+cat", "cat + mat", "%", "_", ";", "--", "'; DROP TABLE memories; --", "\\", "?", "?1", ":a", "@a", "$a", "0", "-1",
        "日本語のテキスト", "中文", "🙂", "👨‍👩‍👧‍👦 cat", "café", "cafe\u0301", "مرحبا", "\u0000cat", "\u0001", "\u202ecat", "\ufeff", "the of and", "...", "a\nb\tc", "<entry>", "</content>",
    ];

    [Fact]
    public async Task Any_text_is_a_legal_question()
    {
        foreach (var mode in (string[])["hybrid", "keyword"])
        {
            await using var host = await ToolHost.StartAsync(("MEMORY_SEARCH", mode));
            await host.StoreAsync("the cat sat on the mat");

            foreach (var query in AnyText.Select(row => (string)row.Data).Append(string.Join(' ', Enumerable.Range(0, 10_000).Select(number => $"word{number}"))))
            {
                if (string.IsNullOrWhiteSpace(query))
                    continue;
                var found = await host.FindAsync(query);

                var isFound = mode == "hybrid" || (query.Contains("cat", StringComparison.Ordinal) || query.Contains("mat", StringComparison.Ordinal));
                Assert.Equal(isFound ? 1 : 0, found.Results.Count);
            }
        }
    }

    [Theory]
    [InlineData("日本語のテキスト", "日本語のテキスト")]
    [InlineData("Grüße aus ZÜRICH", "zurich")]
    [InlineData("the error E-4711/b", "4711")]
    [InlineData("rotating keys", "key rotates")]
    public async Task Words_are_found_as_people_write_them(string text, string query)
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_SEARCH", "keyword"));
        await host.StoreAsync("something else");
        await host.StoreAsync(text);

        Assert.Equal([text], (await host.FindAsync(query)).Found);
    }

    [Fact]
    public async Task No_collection_and_no_hit_are_said_and_make_nothing()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_SEARCH", "keyword"));

        var nowhere = await host.FindAsync("cat");
        await host.StoreAsync("dog");
        var nothing = await host.FindAsync("cat");

        Assert.Equal(["There are no memories yet: the collection 'notes' doesn't exist. qdrant-store makes it."], nowhere.Texts);
        Assert.Equal(["No memory in 'notes' matches the query 'cat'."], nothing.Texts);
        Assert.Empty(nothing.Results);
    }

    [Fact]
    public async Task In_the_format_of_python_an_answer_is_what_the_python_server_shows()
    {
        await using var host = await ToolHost.StartAsync(("MCP_RESULT_FORMAT", "python"));

        var stored = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat"}""");
        var found = await host.FindAsync("cat");

        Assert.Equal(["Remembered: the cat in collection notes"], stored.Texts);
        Assert.Equal(["Results for the query 'cat'", "<entry><content>the cat</content><metadata></metadata></entry>"], found.Texts);
    }

    [Fact]
    public async Task A_collection_that_is_not_there_is_answered_with_the_nearest()
    {
        await using var host = await ToolHost.StartAsync();
        foreach (var name in (string[])["notes", "recipes", "journal", "note"])
            await host.StoreAsync("cat", collection: name);

        var found = await host.FindAsync("cat", collection: "nots");

        Assert.Equal(["There is no collection 'nots'. The nearest: 'note', 'notes', 'journal'. qdrant-collections lists all."], found.Texts);
        Assert.Equal(found.Texts[0], found["note"]);
    }

    [Fact]
    public async Task A_key_of_the_metadata_without_metadata_before_it_is_hinted_at()
    {
        await using var host = await ToolHost.StartAsync(("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));
        await host.StoreAsync("cat", """{"kind": "animal"}""");

        var bare = await host.FindAsync("cat", """, "query_filter": {"must": [{"key": "kind", "match": {"value": "animal"}}]}""");
        var none = await host.FindAsync("cat", """, "query_filter": {"must": [{"key": "metadata.kind", "match": {"value": "plant"}}]}""");

        Assert.Equal("No memory in 'notes' matches the query 'cat'. The filter asks for 'kind'; if that is a field of the metadata, its key is 'metadata.kind'.", bare.Text);
        Assert.Equal("No memory in 'notes' matches the query 'cat'.", none.Text);
    }

    [Fact]
    public async Task An_answer_has_a_limit_and_says_how_to_get_the_rest()
    {
        await using var host = await ToolHost.StartAsync(("MCP_MAX_ANSWER_BYTES", "10000"));
        var id = await host.StoreAsync($"cat {new string('x', 900_000)}");
        await host.StoreAsync("cat dog");

        var found = await host.FindAsync($"cat {new string('y', 60_000)}");

        Assert.True(found.Text.Length < 12_000, $"The text has {found.Text.Length} characters.");
        Assert.True(found.Structured.GetRawText().Length < 12_000, $"The structure has {found.Structured.GetRawText().Length} characters.");
        var cut = found.Results.Single(hit => hit.GetProperty("id").GetString() == id);
        Assert.True(cut.GetProperty("partial").GetBoolean());
        Assert.StartsWith("cat xxx", cut.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Contains("1 memory is shown in part (partial), since an answer may hold 10,000 bytes; the whole is the resource memory://notes/{id}.", found["note"], StringComparison.Ordinal);
        Assert.Contains("cat dog", found.Found);
    }

    [Fact]
    public async Task An_id_as_the_question_finds_its_memory()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the cat");
        await host.StoreAsync("the dog");

        Assert.Equal(["the cat"], (await host.FindAsync(id)).Found);
        Assert.Equal(["the cat"], (await host.FindAsync(id.Replace("-", "", StringComparison.Ordinal))).Found);
    }

    [Theory]
    [InlineData("""{"toolCallId": "call_1"}""", "There is no argument 'toolCallId'; it was ignored. The arguments are: query, collection_name, metadata, since, until, limit.")]
    [InlineData("""{"random_string": "x", "y": 1}""", "There is no argument 'random_string', 'y'; it was ignored. The arguments are: query, collection_name, metadata, since, until, limit.")]
    public async Task Arguments_that_clients_add_are_ignored_and_told(string added, string sentence)
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("the cat");

        var found = await host.FindAsync("cat", $", {added[1..^1]}");

        Assert.Equal(["the cat"], found.Found);
        Assert.Equal(sentence, found.Texts[^1]);
        Assert.EndsWith(sentence, found["note"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_and_the_threshold_hold()
    {
        await using var limited = await ToolHost.StartAsync(("QDRANT_SEARCH_LIMIT", "2"));
        await using var strict = await ToolHost.StartAsync(("MEMORY_SEARCH", "dense"), ("MEMORY_SCORE_THRESHOLD", "0.9999"));
        foreach (var host in (ToolHost[])[limited, strict])
        {
            foreach (var text in (string[])["cat", "dog", "mat"])
                await host.StoreAsync(text);
        }

        Assert.Equal(2, (await limited.FindAsync("cat")).Results.Count);
        Assert.Equal(["cat"], (await strict.FindAsync("cat")).Found);
    }

    [Fact]
    public async Task The_later_of_two_like_memories_comes_first_where_recency_counts()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_RECENCY_HALF_LIFE", "1d"), ("MEMORY_SEARCH", "dense"));
        await host.StoreAsync("the cat sat");
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.StoreAsync("sat the cat");

        var found = await host.FindAsync("the cat sat");

        Assert.Equal(["sat the cat", "the cat sat"], found.Found);
        Assert.Equal(0.5, found.Results[1].GetProperty("score").GetDouble() / found.Results[0].GetProperty("score").GetDouble(), tolerance: 1e-3);
    }
}
