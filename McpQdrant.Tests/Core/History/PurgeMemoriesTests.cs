using System.Text;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Mcp;

namespace McpQdrant.Tests.Core.History;

public sealed class PurgeMemoriesTests
{
    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<bool> Stores => [false, true];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_is_purged_by_its_metadata_is_gone_with_its_past(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        var kept = await host.StoreAsync("dog", """{"user": "bert"}""");
        var changed = await host.StoreAsync("cat", """{"user": "anna"}""");
        await host.StoreAsync("mat", """{"user": "anna"}""");
        var handedOver = await host.StoreAsync("hat", """{"user": "anna"}""");
        var forgotten = await host.StoreAsync("sat", """{"user": "anna"}""");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{changed}}", "information": "cats"}""");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "metadata": {"user": "bert"}, "id": "{{handedOver}}"}""");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{kept}}", "information": "dogs"}""");
        await host.DoAsync("qdrant-forget", $$"""{"collection_name": "notes", "ids": ["{{forgotten}}"]}""");
        var request = new PurgeMemoriesRequest(Notes, [], Filter.Parse(JsonElement.Parse("""{"must": [{"key": "metadata.user", "match": {"value": "anna"}}]}""")));

        var preview = await PurgeAsync(host, request with { IsPreview = true });
        var purged = await PurgeAsync(host, request);
        var again = await PurgeAsync(host, request);

        Assert.Equal((2, 3L), (preview.Memories.Count, preview.Changes));
        Assert.Equal((2, 3L), (purged.Memories.Count, purged.Changes));
        Assert.Equal((0, 0L), (again.Memories.Count, again.Changes));
        Assert.Equal(["dogs", "hat"], (await host.FindAsync("cat dog")).FoundSorted);
        Assert.Equal("dog", Assert.Single(await host.Get<IChangeLog>().ReadChangesAsync(new ChangeQuery { Limit = 100 }, Token)).Before!.Memory.Text);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_is_purged_by_ids_takes_its_past_along_where_it_was_deleted_or_has_expired(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        await host.StoreAsync("dog");
        var forgotten = await host.StoreAsync("cat");
        await host.DoAsync("qdrant-forget", $$"""{"collection_name": "notes", "ids": ["{{forgotten}}"]}""");
        var expired = (string)(await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "mat", "expires": "1m"}"""))["id"]!;
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        var purged = await PurgeAsync(host, new PurgeMemoriesRequest(Notes, [.. new[] { forgotten, expired }.Select(id => MemoryId.TryParse(id, out var parsed) ? parsed : default)]));

        Assert.Equal((1, 1L), (purged.Memories.Count, purged.Changes));
        Assert.Empty(await host.Get<IChangeLog>().ReadChangesAsync(new ChangeQuery { Limit = 100 }, Token));
        Assert.Equal(["dog"], (await host.FindAsync("cat")).Found);
    }

    [Fact]
    public async Task No_file_of_the_embedded_store_holds_what_was_purged()
    {
        using var folder = new TemporaryFolder();
        await using var host = await ToolHost.StartAsync(("QDRANT_LOCAL_PATH", folder.Path));
        for (var number = 0; number < 30; number++)
            await host.StoreAsync($"a plain text about the harbour {number}");
        var id = await host.StoreAsync("xylophonist zugzwang lives in quincunxville", """{"user": "zaphenathpaneah"}""");
        await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "id": "{{id}}", "information": "xylophonist zugzwang moved"}""");
        await host.StoreAsync("one more");
        string[] words = ["xylophonist", "zugzwang", "quincunxville", "zaphenathpaneah"];
        Assert.Contains(words[0], Content(folder.Path), StringComparison.Ordinal);

        var purged = await PurgeAsync(host, new PurgeMemoriesRequest(Notes, [], Filter.Parse(JsonElement.Parse("""{"must": [{"key": "metadata.user", "match": {"value": "zaphenathpaneah"}}]}"""))));

        Assert.Equal((1, 1L, null), (purged.Memories.Count, purged.Changes, purged.Left));
        var content = Content(folder.Path);
        Assert.All(words, word => Assert.DoesNotContain(word, content, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(10, (await host.FindAsync("harbour")).Found.Count);
    }

    [Fact]
    public async Task What_is_no_selection_is_refused()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("dog");

        await RefusedAsync("Say which memories to purge: by their ids, or by a filter.", new PurgeMemoriesRequest(Notes, []));
        await RefusedAsync("The filter is empty, so it matches every memory. Give at least one condition.", new PurgeMemoriesRequest(Notes, [], new Filter()));
        await RefusedAsync("There is no collection 'other'.", new PurgeMemoriesRequest(CollectionName.Parse("other"), [new MemoryId(1)]));
        var agent = new Caller { Name = "agent", Rights = Rights.All, Collections = ["*"] };
        await Assert.ThrowsAsync<AccessDeniedException>(() => host.Get<PurgeMemories>().HandleAsync(agent, new PurgeMemoriesRequest(Notes, [new MemoryId(1)]), Token));

        async Task RefusedAsync(string sentence, PurgeMemoriesRequest request) =>
            Assert.Equal(sentence, (await Assert.ThrowsAsync<MemoryException>(() => PurgeAsync(host, request))).Message);
    }

    private static string Content(string folder) => string.Concat(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Encoding.Latin1.GetString(bytes.ToArray());
    }));

    private static Task<PurgeMemoriesResult> PurgeAsync(ToolHost host, PurgeMemoriesRequest request) => host.Get<PurgeMemories>().HandleAsync(Caller.Local, request, Token);
}
