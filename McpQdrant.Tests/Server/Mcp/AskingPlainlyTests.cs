using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>Finds without a question, without a collection, by time and by metadata, in both stores.</summary>
public sealed class AskingPlainlyTests : IDisposable
{
    private readonly StandInHandler _qdrant = new();

    public void Dispose() => _qdrant.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_question_the_newest_come_first(bool isQdrant)
    {
        await using var host = await StartAsync(isQdrant);
        var first = await host.StoreAsync("cat");
        foreach (var text in (string[])["dog", "mat", "hat"])
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            await host.StoreAsync(text);
        }
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{first}}", "information": "cats"}""");

        var all = await host.DoAsync("qdrant-find", """{"collection_name": "notes"}""");
        var two = await host.DoAsync("qdrant-find", """{"collection_name": "notes", "query": "", "limit": "2"}""");

        Assert.Equal(["hat", "mat", "dog", "cats"], all.Found);
        Assert.Equal("The 4 newest memories, the newest first", all.Texts[0]);
        Assert.Equal("newest", all["search"]);
        Assert.All(all.Results, hit => Assert.False(hit.TryGetProperty("score", out _)));
        Assert.Equal(["hat", "mat"], two.Found);
    }

    [Theory]
    [InlineData(false, "\"since\": \"2h\"", "dog mat")]
    [InlineData(true, "\"since\": \"2h\"", "dog mat")]
    [InlineData(false, "\"until\": \"2h\"", "cats dog")]
    [InlineData(true, "\"until\": \"2h\"", "cats dog")]
    [InlineData(true, "\"since\": \"2026-03-01T13:00:00+01:00\", \"until\": \"2026-03-01T12:00:00Z\"", "cats")]
    [InlineData(false, "\"since\": \"2026-03-01T12:30:00z\"", "dog mat")]
    [InlineData(false, "\"since\": \"2026-03-01\", \"until\": \"2026-03-01\"", "cats dog mat")]
    [InlineData(true, "\"until\": \"2026-02-28\"", "")]
    [InlineData(true, "\"since\": \"99999999999d\"", "cats dog mat")]
    [InlineData(false, "\"since\": \"1w\", \"until\": \"2026-03-01 13:00\", \"metadata\": {\"kind\": \"pet\"}", "cats dog")]
    public async Task Times_are_those_of_the_first_store(bool isQdrant, string arguments, string expected)
    {
        await using var host = await StartAsync(isQdrant, ("MEMORY_SEARCH", "dense"));
        var id = await host.StoreAsync("cat", """{"kind": "pet"}""");
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.StoreAsync("dog", """{"kind": "pet"}""");
        host.Clock.Advance(TimeSpan.FromHours(2));
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "information": "cats"}""");
        await host.StoreAsync("mat");

        Assert.Equal(expected, string.Join(' ', (await host.FindAsync("cat", $", {arguments}")).FoundSorted));
        Assert.Equal(expected, string.Join(' ', (await host.DoAsync("qdrant-find", $$"""{"collection_name": "notes", {{arguments}}}""")).FoundSorted));
    }

    [Theory]
    [InlineData("""{"project": "atlas"}""", "a")]
    [InlineData("""{"project": ["atlas", "borea"]}""", "a b")]
    [InlineData("""{"project": ["atlas", "borea"], "year": 2026}""", "b")]
    [InlineData("""{"year": [2024, 2025]}""", "a")]
    [InlineData("""{"weight": 1.5}""", "a")]
    [InlineData("""{"done": true}""", "a")]
    [InlineData("""{"inner": {"name": "n"}}""", "a")]
    [InlineData("""{"inner.name": "n"}""", "a")]
    [InlineData("""{"a.b": 1}""", "b")]
    [InlineData("""{"project": null}""", "c")]
    [InlineData("""{"tags": "x"}""", "a")]
    [InlineData("""{"größe (cm)": 7}""", "b")]
    [InlineData("\"{\\\"project\\\": \\\"atlas\\\"}\"", "a")]
    [InlineData("{}", "a b c")]
    [InlineData("\"\"", "a b c")]
    public async Task Metadata_are_exact_values(string metadata, string expected)
    {
        foreach (var isQdrant in (bool[])[false, true])
        {
            await using var host = await StartAsync(isQdrant, ("MEMORY_SEARCH", "dense"));
            await host.StoreAsync("a", """{"project": "atlas", "year": 2024, "weight": 1.5, "done": true, "inner": {"name": "n"}, "tags": ["x", "y"]}""");
            await host.StoreAsync("b", """{"project": "borea", "year": 2026, "a.b": 1, "größe (cm)": 7}""");
            await host.StoreAsync("c");

            Assert.Equal(expected, string.Join(' ', (await host.FindAsync("cat", $", \"metadata\": {metadata}")).FoundSorted));
        }
    }

    [Theory]
    [InlineData("\"since\": \"last Monday\"", "'since' is 'last Monday', which is no time. Give one such as 2026-01-31T09:00:00Z, a date such as 2026-01-31, or an age such as 7d or 2h.")]
    [InlineData("\"until\": \"2026-02-30\"", "'until' is '2026-02-30', which is no time. Give one such as 2026-01-31T09:00:00Z, a date such as 2026-01-31, or an age such as 7d or 2h.")]
    [InlineData("\"since\": \"2h\", \"until\": \"7d\"", "'since' (2h) is after 'until' (7d), so no memory can match. Exchange them, or leave one out.")]
    [InlineData("\"limit\": 0", "The limit is 0. Give a number from 1 to 50.")]
    [InlineData("\"limit\": 1000", "The limit is 1000. Give a number from 1 to 50.")]
    [InlineData("\"limit\": \"many\"", "The argument 'limit' is a string. Give an integer.")]
    [InlineData("\"metadata\": [1]", "The argument 'metadata' is an array. Give a JSON object.")]
    [InlineData("\"metadata\": {\"a\": []}", "'metadata' asks for 'a' in a way that can't be. Give a value, or an array of 1 to 100 values of which one must be there.")]
    [InlineData("\"metadata\": {\"a\\\"b\": 1}", "'metadata' asks for 'a\"b': a name with a quotation mark or a backslash can't be asked for.")]
    public async Task What_can_not_be_asked_is_said(string arguments, string sentence)
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat");

        Assert.Equal(sentence, await host.RefusalAsync("qdrant-find", $$"""{"collection_name": "notes", "query": "cat", {{arguments}}}"""));
        Assert.Equal(sentence, await host.RefusalAsync("qdrant-find", $$"""{ {{arguments}} }"""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_field_that_no_memory_has_is_said(bool isQdrant)
    {
        await using var host = await StartAsync(isQdrant);
        await host.StoreAsync("cat", """{"kind": "pet"}""");

        var missing = await host.FindAsync("cat", """, "metadata": {"knid": "pet"}""");
        var everywhere = await host.DoAsync("qdrant-find", """{"metadata": {"knid": "pet"}}""");
        var other = await host.FindAsync("cat", """, "metadata": {"kind": "plant"}""");

        Assert.Equal("No memory in 'notes' matches the query 'cat'. No memory there has 'metadata.knid': leave that filter out, or look at a memory for the right name.", missing.Text);
        Assert.Equal("No memory in the one collection matches. No memory there has 'metadata.knid': leave that filter out, or look at a memory for the right name.", everywhere.Text);
        Assert.Equal("No memory in 'notes' matches the query 'cat'.", other.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_collection_all_are_searched_and_each_hit_names_its_own(bool isQdrant)
    {
        await using var host = await StartAsync(isQdrant);
        for (var i = 0; i < 30; i++)
            await host.StoreAsync($"the dog number {i} and the cat sat on the mat", collection: "large");
        host.Clock.Advance(TimeSpan.FromHours(1));
        var id = await host.StoreAsync("the key E4711 rotates", collection: "small");
        await host.StoreAsync("the key E4711 rotates", collection: "copy");

        var found = await host.DoAsync("qdrant-find", """{"query": "E4711", "limit": 3}""");
        var newest = await host.DoAsync("qdrant-find", """{"limit": 2}""");
        var byId = await host.DoAsync("qdrant-find", $$"""{"query": "{{id}}"}""");

        Assert.Equal(["copy", "small", "large"], found.Results.Select(hit => hit.GetProperty("collection").GetString()));
        Assert.Equal("the key E4711 rotates", found.Found[1]);
        Assert.Contains("collection=\"small\"", found.Texts[2], StringComparison.Ordinal);
        Assert.Equal(["copy", "small"], newest.Results.Select(hit => hit.GetProperty("collection").GetString()).Order());
        Assert.Equal("the key E4711 rotates", byId.Found[0]);
    }

    [Fact]
    public async Task Without_a_collection_nothing_is_found_where_there_is_none()
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Equal(["There are no memories yet. qdrant-store makes the first."], (await host.DoAsync("qdrant-find", """{"query": "cat"}""")).Texts);
        Assert.Equal("No memory in the one collection matches.", (await NothingAsync(host)).Text);

        static async Task<ToolAnswer> NothingAsync(ToolHost host)
        {
            await host.StoreAsync("cat");
            return await host.DoAsync("qdrant-find", """{"until": "1d"}""");
        }
    }

    [Fact]
    public async Task Without_a_collection_no_more_than_fifty_are_searched()
    {
        await using var host = await ToolHost.StartAsync();
        for (var i = 0; i < 52; i++)
            await host.StoreAsync($"cat {i}", collection: $"c{i:00}");

        var found = await host.DoAsync("qdrant-find", """{"query": "cat 7", "limit": 50}""");

        Assert.Equal("Results for the query 'cat 7'. 2 further collections were not searched; name one to search it.", found.Texts[0]);
        Assert.Equal(50, found.Results.Count);
        Assert.Equal("cat 7", found.Found[0]);
    }

    [Fact]
    public async Task Without_a_collection_one_that_can_not_be_searched_is_told_and_the_others_are_found()
    {
        using var qdrant = new StandInHandler();
        qdrant.Send("PUT", "/collections/alien", """{"vectors": {"size": 99, "distance": "Cosine"}}""");
        await using var host = await ToolHost.StartAsync(qdrant);
        await host.StoreAsync("cat");

        var found = await host.DoAsync("qdrant-find", """{"query": "cat"}""");

        Assert.Equal(["cat"], found.Found);
        Assert.StartsWith("Results for the query 'cat'. Not searched: 1 of the collections. Collection 'alien' holds vectors of size 99", found.Texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_without_a_collection_goes_to_memories_and_so_do_corrections()
    {
        await using var host = await ToolHost.StartAsync();

        var stored = await host.DoAsync("qdrant-store", """{"information": "cat"}""");
        var updated = await host.DoAsync("qdrant-update", $$"""{"id": "{{stored["id"]}}", "information": "dog"}""");
        var found = await host.DoAsync("qdrant-find", """{"collection_name": "memories", "query": "dog"}""");
        var forgotten = await host.DoAsync("qdrant-forget", $$"""{"ids": ["{{stored["id"]}}"]}""");

        Assert.Equal(("memories", "Remembered: cat in collection memories"), (stored["collection"], stored.Texts[0]));
        Assert.Equal(("dog", "dog", "1"), (updated["content"], Assert.Single(found.Found), forgotten["deleted"]));
    }

    [Fact]
    public async Task A_find_without_a_collection_sees_only_what_the_caller_may_read()
    {
        await using var host = await ToolHost.StartAsync(("MCP_COLLECTIONS", "team-*"));
        await host.StoreAsync("cat", collection: "team-a");
        await host.StoreAsync("cat", collection: "team-b");

        Assert.Equal(2, (await host.DoAsync("qdrant-find", """{"query": "cat"}""")).Results.Count);
    }

    [Fact]
    public async Task A_field_of_the_operator_takes_the_place_of_an_argument_of_its_name()
    {
        await using var host = await ToolHost.StartAsync(
            ("FILTERABLE_FIELDS", """[{"name": "limit", "description": "d", "field_type": "keyword", "condition": "=="}]"""));
        await host.StoreAsync("cat", """{"limit": "none"}""");
        await host.StoreAsync("dog");

        Assert.Equal(["cat"], (await host.FindAsync("cat", ", \"limit\": \"none\"")).Found);
    }

    private Task<ToolHost> StartAsync(bool isQdrant, params (string Name, string Text)[] settings) => ToolHost.StartAsync(isQdrant ? _qdrant : null, settings);
}
