using System.Text.Json;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class StoreToolTests
{
    private const string Long = "the cat sat on the mat . the dog sat on the mat . the key rotates every friday in zurich";

    [Fact]
    public async Task The_same_text_and_metadata_is_one_memory()
    {
        await using var host = await ToolHost.StartAsync();

        var first = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat", "metadata": {"a": 1, "b": [2]}}""");
        var again = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat", "metadata": "{\"b\": [2], \"a\": 1}"}""");

        Assert.Equal(("True", "notes"), (first["created"], first["collection"]));
        Assert.Equal(("False", first["id"]), (again["created"], again["id"]));
        Assert.Equal(["Remembered already: the cat in collection notes", $"Its id is {first["id"]}."], again.Texts);
        Assert.Equal(string.Join(' ', again.Texts), again["note"]);
        Assert.Single((await host.FindAsync("cat")).Results);
    }

    [Theory]
    [InlineData("the cat", """{"a": 2}""")]
    [InlineData("the cat", "null")]
    [InlineData("the Cat", """{"a": 1}""")]
    public async Task Another_text_or_other_metadata_is_another_memory(string text, string metadata)
    {
        await using var host = await ToolHost.StartAsync();
        var first = await host.StoreAsync("the cat", """{"a": 1}""");

        Assert.NotEqual(first, await host.StoreAsync(text, metadata));
        Assert.Equal(2, (await host.FindAsync("cat")).Results.Count);
    }

    [Fact]
    public async Task The_text_that_a_corrected_memory_once_had_does_not_undo_the_correction()
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the key rotates every friday");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "information": "the key sat on the mat"}""");

        var stored = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the key rotates every friday"}""");
        var again = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the key rotates every friday"}""");

        Assert.Equal(("True", "False"), (stored["created"], again["created"]));
        Assert.Equal(stored["id"], again["id"]);
        Assert.Equal(["the key rotates every friday", "the key sat on the mat"], (await host.FindAsync("key")).FoundSorted);
    }

    [Fact]
    public async Task A_text_very_like_one_that_is_there_is_stored_only_when_forced()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_DUPLICATE_THRESHOLD", "0.9999"));
        var id = await host.StoreAsync("the cat sat on the mat");

        // The tiny model reads a text as a bag of words, so these mean the same to it.
        var refused = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "on the mat sat the cat", "metadata": {"x": 1}}""");
        var unlike = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "key rotates friday zurich"}""");
        var forced = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "on the mat sat the cat", "force": true}""");
        var same = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat sat on the mat"}""");

        Assert.Equal(("False", id), (refused["created"], refused["id"]));
        Assert.StartsWith($"Nothing was stored: memory {id} says nearly the same (similarity 1.000).", refused.Texts[0], StringComparison.Ordinal);
        Assert.Equal($"<entry id=\"{id}\" stored=\"2026-03-01T12:00:00Z\" collection=\"notes\"><content>the cat sat on the mat</content><metadata></metadata></entry>", refused.Texts[1]);
        Assert.Equal(("True", "True", "False"), (unlike["created"], forced["created"], same["created"]));
        Assert.Equal(
            ["key rotates friday zurich", "on the mat sat the cat", "the cat sat on the mat"],
            (await host.FindAsync("cat key")).FoundSorted);
    }

    [Theory]
    [InlineData("the cat sat on the mat 5", "the cat sat on the mat 6")]
    [InlineData("the cat sat on the mat", "the cat not sat on the mat")]
    [InlineData(Long, Long + " or in Basel")]
    [InlineData(Long, Long + " zurich")]
    [InlineData("🦀🦀", "🐍🐍")]
    [InlineData("สวัสดี", "ขอบคุณ")]
    public async Task A_text_is_stored_however_near_it_is_unless_it_was_read_whole_and_has_the_same_words(string there, string text)
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_DUPLICATE_THRESHOLD", "0"));
        await host.StoreAsync(there);

        var stored = await host.DoAsync("qdrant-store", $$"""{"collection_name": "notes", "information": "{{text}}"}""");

        Assert.Equal("True", stored["created"]);
        Assert.Equal(2, (await host.FindAsync("cat")).Results.Count);
    }

    [Fact]
    public async Task A_text_that_was_cut_is_stored_though_its_words_are_the_same()
    {
        await using var host = await ToolHost.StartAsync(("MEMORY_DUPLICATE_THRESHOLD", "0"));
        await host.StoreAsync(Long);

        var stored = await host.DoAsync("qdrant-store", $$"""{"collection_name": "notes", "information": "{{Long}} ."}""");

        Assert.Equal("True", stored["created"]);
    }

    [Fact]
    public async Task Metadata_whose_numbers_qdrant_spells_otherwise_are_stored_once()
    {
        using var qdrant = new StandInHandler { Spelling = body => body.Replace("18446744073709551616", "1.8446744073709552e+19", StringComparison.Ordinal).Replace("0.9452706955539223", "0.9452706955539224", StringComparison.Ordinal) };
        await using var host = await ToolHost.StartAsync(qdrant);
        const string Store = """{"collection_name": "notes", "information": "the cat", "metadata": {"big": 18446744073709551616, "float": 0.9452706955539223}}""";
        var first = await host.DoAsync("qdrant-store", Store);

        var again = await host.DoAsync("qdrant-store", Store);

        Assert.Equal(("False", first["id"]), (again["created"], again["id"]));
        Assert.Single((await host.FindAsync("cat")).Results);
    }

    [Fact]
    public async Task Without_the_threshold_there_is_nothing_to_force()
    {
        await using var host = await ToolHost.StartAsync();

        var stored = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat", "force": true}""");

        Assert.Equal("There is no argument 'force'; it was ignored. The arguments are: information, collection_name, metadata, expires.", stored.Texts[^1]);
    }

    [Fact]
    public async Task The_end_of_a_long_text_is_found_by_its_words_and_the_cut_is_told()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("the dog");

        var stored = await host.DoAsync("qdrant-store", $$"""{"collection_name": "notes", "information": "{{Long}}"}""");
        var found = await host.FindAsync("zurich");

        Assert.Equal($"Remembered: {Long} in collection notes", stored.Texts[0]);
        Assert.Equal(
            "The whole text is stored. The model reads 16 tokens at once, so the text is also found by each of its 1 passages.",
            stored.Texts[2]);
        Assert.Equal(Long, found.Found[0]);
        Assert.Equal(1, found.Results[0].GetProperty("keyword_rank").GetInt32());
    }

    [Fact]
    public async Task First_stores_at_once_into_a_new_collection_all_succeed()
    {
        await using var host = await ToolHost.StartAsync(("QDRANT_SEARCH_LIMIT", "100"));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => host.StoreAsync($"cat {number}", collection: $"c{number % 8}")));

        var listed = (await host.DoAsync("qdrant-collections", "{}")).Structured.GetProperty("collections").EnumerateArray().ToArray();
        Assert.Equal(8, listed.Length);
        Assert.Equal(50, listed.Sum(collection => collection.GetProperty("memories").GetInt64()));
    }

    [Theory]
    [InlineData("""{"collection_name": "notes"}""", "The argument 'information' is missing. Give it as a string.")]
    [InlineData("""{"collection_name": "notes", "information": "x", "metadata": "y"}""", "The argument 'metadata' is a string that spells no JSON object. Give an object, for instance {\"topic\": \"deployment\"}.")]
    [InlineData("""{"collection_name": "notes", "text": "x"}""", "The argument 'information' is missing. Give it as a string. There is no argument 'text'; it was ignored. The arguments are: information, collection_name, metadata, expires.")]
    public async Task What_is_wrong_with_a_call_is_said(string arguments, string sentence)
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Equal(sentence, await host.RefusalAsync("qdrant-store", arguments));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a:b")]
    public async Task A_name_that_Qdrant_would_refuse_is_refused(string name)
    {
        await using var host = await ToolHost.StartAsync();

        var sentence = await host.RefusalAsync("qdrant-store", $$"""{"information": "x", "collection_name": {{JsonSerializer.Serialize(name)}}}""");

        Assert.Contains("name", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("fault", sentence, StringComparison.Ordinal);
    }
}
