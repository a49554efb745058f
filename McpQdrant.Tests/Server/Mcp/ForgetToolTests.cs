using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class ForgetToolTests
{
    private const string Unknown = "This confirmation code is unknown here, used already, or older than five minutes. Nothing was deleted; ask again with the filter for a new one.";

    private const string DoneFilter = """{"must": [{"key": "metadata.done", "match": {"value": true}}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ids_are_deleted_at_once_and_counted()
    {
        await using var host = await ToolHost.StartAsync();
        var (cat, dog) = (await host.StoreAsync("cat"), await host.StoreAsync("dog"));

        var answer = await ForgetAsync(host, $"\"ids\": [\"{cat}\", \"00000000-0000-0000-0000-000000000001\", 7, \"{cat}\"]");
        var again = await ForgetAsync(host, $"\"ids\": [\"{cat}\"]");

        Assert.Equal(("Forgot 1 memory of 'notes'. 2 of the ids are not there.", "1"), (answer.Text, answer["deleted"]));
        Assert.Equal("0", again["deleted"]);
        Assert.Equal([dog], (await host.FindAsync("cat")).Results.Select(hit => hit.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task A_filter_shows_what_it_matches_and_deletes_nothing()
    {
        await using var host = await ToolHost.StartAsync();
        for (var number = 1; number <= 7; number++)
            await host.StoreAsync($"cat {number}", """{"done": true}""");
        await host.StoreAsync("dog");

        var preview = await ForgetAsync(host, $"\"filter\": {DoneFilter}");

        Assert.Equal(("0", "7"), (preview["deleted"], preview["matched"]));
        Assert.Equal(host.Clock.GetUtcNow() + TimeSpan.FromMinutes(5), preview.Structured.GetProperty("expires_at").GetDateTimeOffset());
        var sample = preview.Structured.GetProperty("sample").EnumerateArray().ToArray();
        Assert.Equal(5, sample.Length);
        Assert.All(sample, memory => Assert.StartsWith("cat ", memory.GetProperty("content").GetString(), StringComparison.Ordinal));
        Assert.All(sample, memory => Assert.True(memory.GetProperty("metadata").GetProperty("done").GetBoolean()));
        Assert.Contains($"\"confirmation\": \"{preview["confirmation"]}\"", preview.Texts[0], StringComparison.Ordinal);
        Assert.Equal(8, (await host.FindAsync("cat")).Results.Count);
    }

    [Fact]
    public async Task A_code_deletes_what_was_shown_and_nothing_that_came_later_and_works_once()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat", """{"done": true}""");
        await host.StoreAsync("dog", """{"done": true}""");
        var code = await PreviewAsync(host);
        await host.StoreAsync("mat", """{"done": true}""");

        var deleted = await ForgetAsync(host, $"\"confirmation\": \"{code}\"");

        Assert.Equal(("Forgot 2 memories of 'notes'.", "2"), (deleted.Text, deleted["deleted"]));
        Assert.Equal(["mat"], (await host.FindAsync("cat")).Found);
        Assert.Equal(Unknown, await RefusalAsync(host, $"\"confirmation\": \"{code}\""));
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(300, false)]
    public async Task A_code_is_good_for_five_minutes(int seconds, bool isGood)
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat", """{"done": true}""");
        var code = await PreviewAsync(host);

        host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        var answer = await host.CallAsync("qdrant-forget", $$"""{"collection_name": "notes", "confirmation": "{{code}}"}""");

        Assert.Equal(isGood, !answer.IsError);
        Assert.Equal(isGood ? 0 : 1, (await host.FindAsync("cat")).Results.Count);
    }

    [Fact]
    public async Task A_code_is_for_its_collection_and_its_caller()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat", """{"done": true}""");
        await host.StoreAsync("cat", """{"done": true}""", collection: "others");
        var code = await PreviewAsync(host);

        Assert.Equal(Unknown, await host.RefusalAsync("qdrant-forget", $$"""{"collection_name": "others", "confirmation": "{{code}}"}"""));
        var others = await Assert.ThrowsAsync<MemoryException>(() => host.Get<ForgetMemories>().HandleAsync(
            Caller.Local with { Name = "somebody" }, new ForgetMemoriesRequest(CollectionName.Parse("notes"), [], code), Token));

        Assert.Equal(Unknown, others.Message);
        Assert.Equal("1", (await ForgetAsync(host, $"\"confirmation\": \"{code}\""))["deleted"]);
        Assert.Single((await host.FindAsync("cat", collection: "others")).Results);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"must": []}""")]
    [InlineData("""{"must": [{"should": []}]}""")]
    public async Task An_empty_filter_is_refused(string filter)
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat");

        Assert.Equal("The filter is empty, so it matches every memory. Give at least one condition.", await RefusalAsync(host, $"\"filter\": {filter}"));
    }

    [Theory]
    [InlineData("\"ids\": []")]
    [InlineData("\"ids\": null, \"filter\": null, \"confirmation\": null")]
    [InlineData("\"ids\": [1], \"confirmation\": \"abc\"")]
    [InlineData("\"ids\": [1], \"filter\": {\"must\": [{\"has_id\": [1]}]}")]
    public async Task One_of_ids_filter_and_confirmation_is_given(string arguments)
    {
        await using var host = await ToolHost.StartAsync();

        Assert.StartsWith("Give one of 'ids', 'filter' and 'confirmation':", await RefusalAsync(host, arguments), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ids\": [\"cat\"]", "The argument 'ids' holds 'cat', which is no id. Give ids as qdrant-find returned them.")]
    [InlineData("\"ids\": \"cat\"", "The argument 'ids' holds 'cat', which is no id. Give ids as qdrant-find returned them.")]
    [InlineData("\"confirmation\": 5", Unknown)]
    [InlineData("\"confirmation\": \"0123\"", Unknown)]
    [InlineData("\"filter\": {\"must\": [{\"key\": \"a\"}]}", "The argument 'filter' is no valid filter: must[0] has a key and no check that is known.")]
    public async Task What_is_wrong_with_a_call_is_said(string arguments, string sentence)
    {
        await using var host = await ToolHost.StartAsync();

        Assert.StartsWith(sentence, await RefusalAsync(host, arguments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_gives_no_code()
    {
        await using var host = await ToolHost.StartAsync();

        var preview = await ForgetAsync(host, $"\"filter\": {DoneFilter}");

        Assert.Equal(["No memory of 'notes' matches the filter. Nothing was deleted."], preview.Texts);
        Assert.False(preview.Structured.TryGetProperty("confirmation", out _));
    }

    private static Task<ToolAnswer> ForgetAsync(ToolHost host, string arguments) =>
        host.DoAsync("qdrant-forget", $$"""{"collection_name": "notes", {{arguments}}}""");

    private static Task<string> RefusalAsync(ToolHost host, string arguments) =>
        host.RefusalAsync("qdrant-forget", $$"""{"collection_name": "notes", {{arguments}}}""");

    private static async Task<string> PreviewAsync(ToolHost host) => (await ForgetAsync(host, $"\"filter\": {DoneFilter}"))["confirmation"]!;
}
