namespace McpQdrant.Tests.Server.Mcp;

public sealed class UpdateToolTests
{
    [Fact]
    public async Task A_new_text_is_found_by_its_meaning_and_words_under_the_same_id()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the key rotates every friday", """{"a": 1}""");
        await host.StoreAsync("the dog");
        var stored = host.Clock.GetUtcNow();
        host.Clock.Advance(TimeSpan.FromHours(1));

        var updated = await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "information": "cafe zurich"}""");
        var found = (await host.FindAsync("cafe zurich")).Results[0];

        Assert.Equal((id, "cafe zurich", """{"a":1}"""), (updated["id"], updated["content"], Compact(updated["metadata"]!)));
        Assert.Equal((id, "cafe zurich"), (found.GetProperty("id").GetString(), found.GetProperty("content").GetString()));
        Assert.Equal(1, found.GetProperty("similarity").GetDouble(), tolerance: 1e-4);
        Assert.Equal((stored, host.Clock.GetUtcNow()), (found.GetProperty("created_at").GetDateTimeOffset(), found.GetProperty("updated_at").GetDateTimeOffset()));
        Assert.Equal(("local", 2, "2"), (found.GetProperty("by").GetString(), found.GetProperty("revision").GetInt32(), updated["revision"]));
        Assert.All((await host.FindAsync("rotates")).Results, hit => Assert.False(hit.TryGetProperty("keyword_rank", out _)));
    }

    [Theory]
    [InlineData("""{"a": 1, "b": 2}""", "\"metadata\": {\"b\": null, \"c\": [3]}", """{"a":1,"c":[3]}""")]
    [InlineData("""{"a": 1, "b": 2}""", "\"metadata\": {\"c\": 3}, \"replace_metadata\": true", """{"c":3}""")]
    [InlineData("""{"a": 1}""", "\"replace_metadata\": true", "")]
    [InlineData("null", "\"metadata\": {\"a\": 1}", """{"a":1}""")]
    [InlineData("""{"a": 1, "a": 2}""", "\"metadata\": {\"b\": 3}", """{"a":2,"b":3}""")]
    public async Task Metadata_is_merged_or_replaced(string old, string change, string expected)
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the cat", old);

        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", {{change}}}""");

        var found = Assert.Single((await host.FindAsync("cat")).Results);
        Assert.Equal(("the cat", expected), (found.GetProperty("content").GetString(), Compact(found.TryGetProperty("metadata", out var metadata) ? metadata.GetRawText() : "")));
    }

    [Theory]
    [InlineData("\"id\": \"00000000-0000-0000-0000-000000000001\", \"information\": \"x\"", "There is no memory 00000000-0000-0000-0000-000000000001 in 'notes'. Take the id from qdrant-find, with the collection that it names.")]
    [InlineData("\"id\": 7, \"metadata\": {}", "There is no memory 7 in 'notes'. Take the id from qdrant-find, with the collection that it names.")]
    [InlineData("\"information\": \"x\"", "The argument 'id' is missing. Give an id that qdrant-find returned.")]
    [InlineData("\"id\": \"x\", \"information\": \"x\"", "The argument 'id' holds 'x', which is no id. Give ids as qdrant-find returned them.")]
    [InlineData("\"id\": 7", "Nothing to change: give 'information', 'metadata' or 'expires'.")]
    [InlineData("\"id\": 7, \"information\": \" \"", "The argument 'information' is empty. Give a text.")]
    [InlineData("\"id\": 7, \"metadata\": [1]", "The argument 'metadata' is an array. Give a JSON object.")]
    [InlineData("\"id\": 7, \"information\": \"x\", \"replace_metadata\": \"perhaps\"", "The argument 'replace_metadata' is a string. Give true or false.")]
    public async Task What_is_wrong_with_a_call_is_said(string arguments, string sentence)
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("the cat");

        Assert.Equal(sentence, await host.RefusalAsync("qdrant-update", $$"""{"collection_name": "notes", {{arguments}}}"""));
    }

    [Fact]
    public async Task Finds_during_updates_see_a_memory_as_it_was_or_as_it_is()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the cat 0", """{"version": 0}""");

        var updating = Task.Run(async () =>
        {
            for (var version = 1; version <= 40; version++)
                await host.DoAsync("qdrant-update", $$$"""{"collection_name": "notes", "id": "{{{id}}}", "information": "the cat {{{version}}}", "metadata": {"version": {{{version}}}}}""");
        });
        var finds = 0;
        while (!updating.IsCompleted || finds == 0)
        {
            var seen = Assert.Single((await host.FindAsync("the cat")).Results);
            Assert.Equal($"the cat {seen.GetProperty("metadata").GetProperty("version")}", seen.GetProperty("content").GetString());
            finds++;
        }
        await updating;

        Assert.Equal(["the cat 40"], (await host.FindAsync("cat")).Found);
    }

    [Fact]
    public async Task An_update_that_contradicts_itself_is_refused_and_changes_nothing()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the cat", """{"a": 0}""");

        var refusal = await host.RefusalAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "metadata": {"a": 1, "b": 1, "a": 2} }""");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "metadata": {"b": 1, "b": 1.0} }""");

        Assert.Equal("The metadata give 'a' two different values. Nothing was changed; give one.", refusal);
        Assert.Equal(0, Assert.Single((await host.FindAsync("cat")).Results).GetProperty("metadata").GetProperty("a").GetInt32());
    }

    [Fact]
    public async Task Updates_of_one_memory_at_once_lose_no_field()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the cat");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            host.DoAsync("qdrant-update", $$$"""{"collection_name": "notes", "id": "{{{id}}}", "metadata": {"f{{{number}}}": {{{number}}}}}""")));

        Assert.Equal(20, Assert.Single((await host.FindAsync("cat")).Results).GetProperty("metadata").EnumerateObject().Count());
    }

    [Fact]
    public async Task Metadata_beyond_their_limit_are_refused()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the cat");
        var large = $$"""{"collection_name": "notes", "id": "{{id}}", "information": "x", "metadata": {"a": "{{new string('y', 300_000)}}"} }""";

        Assert.StartsWith("The metadata have 300,008 bytes; at most 262,144 are allowed.", await host.RefusalAsync("qdrant-update", large), StringComparison.Ordinal);
        Assert.StartsWith("The metadata have 300,008 bytes; at most 262,144 are allowed.", await host.RefusalAsync("qdrant-store", large.Replace($"\"id\": \"{id}\", ", "", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Compact(string json) => json.Replace(" ", "", StringComparison.Ordinal);
}
