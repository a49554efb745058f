using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Tests.Qdrant;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class ForgetToolTests
{
    private const string Unknown = "This confirmation code was not given to you for this collection, or is older than five minutes. Nothing was deleted; ask again with the filter alone for a new one.";

    private const string Changed = "Nothing was deleted, since what is there is not what was shown: memories were changed, added or deleted after this code was given. "
        + "Ask again with the filter alone to see what it matches now.";

    private const string DoneFilter = """{"must": [{"key": "metadata.done", "match": {"value": true}}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ids_are_deleted_at_once_and_counted()
    {
        await using var host = await ToolHost.StartAsync();
        var (cat, dog) = (await host.StoreAsync("cat"), await host.StoreAsync("dog"));

        var answer = await ForgetAsync(host, $"\"ids\": [\"{cat}\", \"00000000-0000-0000-0000-000000000001\", 7, \"{cat}\"]");
        var again = await ForgetAsync(host, $"\"ids\": [\"{cat}\"]");

        Assert.Equal(($"Forgot 1 memory of 'notes'. 2 of the ids are not there. This is change {answer["change"]}.", "1"), (answer.Text, answer["deleted"]));
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
    public async Task A_code_deletes_what_was_shown_and_works_once()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat", """{"done": true}""");
        await host.StoreAsync("dog", """{"done": true}""");
        await host.StoreAsync("mat");
        var code = await PreviewAsync(host);

        var deleted = await ForgetAsync(host, $"\"confirmation\": \"{code}\"");

        Assert.Equal(($"Forgot 2 memories of 'notes'. This is change {deleted["change"]}.", "2"), (deleted.Text, deleted["deleted"]));
        Assert.Equal(["mat"], (await host.FindAsync("cat")).Found);
        Assert.Equal(Changed, await RefusalAsync(host, $"\"confirmation\": \"{code}\""));
    }

    [Theory]
    [InlineData("qdrant-update", """ "id": "ID", "information": "another text" """)]
    [InlineData("qdrant-update", """ "id": "ID", "metadata": {"more": 1} """)]
    [InlineData("qdrant-update", """ "id": "ID", "metadata": {"done": false} """)]
    [InlineData("qdrant-store", """ "information": "cat", "metadata": {"done": true} """)]
    [InlineData("qdrant-store", """ "information": "mat", "metadata": {"done": true} """)]
    [InlineData("qdrant-forget", """ "ids": ["ID"] """)]
    public async Task A_code_deletes_nothing_where_anything_is_not_as_it_was_shown(string tool, string arguments)
    {
        foreach (var qdrant in (StandInHandler?[])[null, new StandInHandler()])
        {
            await using var host = await ToolHost.StartAsync(qdrant);
            var id = await host.StoreAsync("cat", """{"done": true}""");
            await host.StoreAsync("dog", """{"done": true}""");
            var code = await PreviewAsync(host);
            await host.DoAsync(tool, $$"""{"collection_name": "notes", {{arguments.Replace("ID", id, StringComparison.Ordinal)}}}""");
            var before = (await host.FindAsync("cat")).FoundSorted;

            Assert.Equal(Changed, await RefusalAsync(host, $"\"confirmation\": \"{code}\""));
            Assert.Equal(Changed, await RefusalAsync(host, $"\"confirmation\": \"{code}\", \"filter\": {DoneFilter}"));

            Assert.Equal(before, (await host.FindAsync("cat")).FoundSorted);
            qdrant?.Dispose();
        }
    }

    [Fact]
    public async Task A_code_is_good_with_the_filter_or_the_ids_that_were_shown_and_with_no_others()
    {
        await using var host = await ToolHost.StartAsync();
        var ids = new[] { await host.StoreAsync("cat", """{"done": true}"""), await host.StoreAsync("dog", """{"done": true}""") };
        var other = await host.StoreAsync("mat");
        var code = await PreviewAsync(host);

        Assert.Equal(Changed, await RefusalAsync(host, $"\"confirmation\": \"{code}\", \"ids\": [\"{other}\"]"));
        Assert.Equal(Changed, await RefusalAsync(host, $"\"confirmation\": \"{code}\", \"ids\": [\"{ids[0]}\"]"));
        Assert.Equal(Changed, await RefusalAsync(host, $"\"confirmation\": \"{code}\", \"filter\": {{\"must_not\": [{{\"has_id\": [1]}}]}}"));
        Assert.Equal("2", (await ForgetAsync(host, $"\"confirmation\": \"{code}\", \"ids\": [\"{ids[1]}\", \"{ids[0]}\"]"))["deleted"]);

        ids[0] = await host.StoreAsync("cat", """{"done": true}""");
        Assert.Equal("1", (await ForgetAsync(host, $"\"confirmation\": \"{await PreviewAsync(host)}\", \"filter\": {DoneFilter}"))["deleted"]);
        Assert.Equal(["mat"], (await host.FindAsync("cat")).Found);
    }

    [Fact]
    public async Task A_long_filter_is_given_again_with_the_code()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat", """{"done": true}""");
        var random = new Random(1);
        var any = string.Join(", ", Enumerable.Range(0, 200).Select(_ => random.Next()));
        var filter = $$"""{"must": [{"key": "metadata.done", "match": {"value": true} }], "must_not": [{"key": "metadata.n", "match": {"any": [{{any}}] } }]}""";

        var preview = await ForgetAsync(host, $"\"filter\": {filter}");

        Assert.Contains($"\"confirmation\": \"{preview["confirmation"]}\" and the same filter, within five minutes", preview.Texts[0], StringComparison.Ordinal);
        Assert.Equal(
            "The filter was too long to be kept in this confirmation code. Nothing was deleted; give the code and the same filter together.",
            await RefusalAsync(host, $"\"confirmation\": \"{preview["confirmation"]}\""));
        Assert.Equal("1", (await ForgetAsync(host, $"\"confirmation\": \"{preview["confirmation"]}\", \"filter\": {filter}"))["deleted"]);
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
    public async Task A_person_who_says_nothing_for_five_minutes_forgets_nothing()
    {
        var asked = new TaskCompletionSource();
        var options = new McpClientOptions { ProtocolVersion = "2025-11-25" };
        options.Handlers.ElicitationHandler = async (_, cancellationToken) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new ElicitResult { Action = "accept" };
        };
        await using var host = await ToolHost.StartAsync(qdrant: null, options);
        await host.StoreAsync("cat", """{"done": true}""");

        var refusal = RefusalAsync(host, $"\"filter\": {DoneFilter}");
        await asked.Task;
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("The person did not answer within five minutes. Nothing was deleted; ask again when they are there.", await refusal);
        Assert.Single((await host.FindAsync("cat")).Results);
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
