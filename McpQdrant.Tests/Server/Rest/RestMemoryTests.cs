using System.Net;
using System.Text.Json;
using McpQdrant.Core.Json;

namespace McpQdrant.Tests.Server.Rest;

/// <summary>What one does with memories over REST, with both stores.</summary>
public sealed class RestMemoryTests
{
    private const string Memories = "/collections/notes/memories";

    public static TheoryData<bool> Stores => [false, true];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_memory_is_stored_read_corrected_and_deleted(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);

        var created = await rest.SendAsync("POST", Memories, """{"text": "The key rotates on fridays.", "metadata": {"kind": "fact", "部": ["a", 1.5]}, "expires": "30d"}""");
        var id = created.Json.GetProperty("id").GetString();
        var again = await rest.SendAsync("POST", Memories, """{"text": "The key rotates on fridays.", "metadata": {"部": ["a", 1.5], "kind": "fact"}}""");
        var read = await rest.SendAsync("GET", $"{Memories}/{id}");
        var updated = await rest.SendAsync("PATCH", $"{Memories}/{id}", """{"text": "The key rotates on mondays.", "metadata": {"kind": null, "seen": true}, "expires": "never"}""");
        var deleted = await rest.SendAsync("DELETE", $"{Memories}/{id}");
        var gone = await rest.SendAsync("GET", $"{Memories}/{id}");

        Assert.Equal((HttpStatusCode.Created, $"/api/v1{Memories}/{id}"), (created.Status, created.Headers.Location?.OriginalString));
        Assert.Equal((HttpStatusCode.OK, id), (again.Status, again.Json.GetProperty("id").GetString()));
        Assert.Equal(("""{"kind":"fact","部":["a",1.5]}""", "anonymous"), (CanonicalJson.Of(read.Json.GetProperty("metadata")), read.Json.GetProperty("by").GetString()));
        Assert.True(created.Json.GetProperty("expiresAt").GetDateTime() > DateTime.UtcNow.AddDays(29));
        Assert.Equal("The key rotates on mondays.", updated.Json.GetProperty("text").GetString());
        Assert.Equal("""{"seen":true,"部":["a",1.5]}""", CanonicalJson.Of(updated.Json.GetProperty("metadata")));
        Assert.False(updated.Json.TryGetProperty("expiresAt", out _));
        Assert.True(updated.Json.GetProperty("updatedAt").GetDateTime() >= updated.Json.GetProperty("createdAt").GetDateTime());
        Assert.Equal((HttpStatusCode.NoContent, ""), (deleted.Status, deleted.Body));
        Assert.Equal($"There is no memory {id} in 'notes'.", gone.Problem(HttpStatusCode.NotFound));
    }

    /// <summary>Two people edit one memory: whoever comes second is told, instead of undoing the work of the first.</summary>
    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_change_of_what_another_writer_changed_is_refused(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);
        var id = await rest.StoreAsync("notes", "one");
        var read = await rest.SendAsync("GET", $"{Memories}/{id}");
        var listed = (await rest.DoAsync("GET", Memories)).GetProperty("memories")[0].GetProperty("etag").GetString();

        var first = await ChangeAsync("PATCH", read.Tag, "two");
        var second = await ChangeAsync("PATCH", read.Tag, "three");
        var deletion = await ChangeAsync("DELETE", read.Tag);
        var several = await ChangeAsync("PATCH", $"\"other\", {first.Tag}", "four");
        var weak = await ChangeAsync("PATCH", $"W/{several.Tag}", "five");
        var any = await ChangeAsync("PATCH", "*", "six");
        var last = await ChangeAsync("DELETE", any.Tag);

        Assert.NotNull(read.Tag);
        Assert.Equal(read.Tag, listed);
        Assert.Equal((HttpStatusCode.OK, first.Json.GetProperty("etag").GetString()), (first.Status, first.Tag));
        Assert.StartsWith($"Memory {id} of 'notes' was changed since it was read, the last time by anonymous.", second.Problem(HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);
        Assert.StartsWith("Memory ", deletion.Problem(HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);
        Assert.Equal("four", several.Json.GetProperty("text").GetString());
        Assert.StartsWith("Memory ", weak.Problem(HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), (any.Status, last.Status));

        Task<RestAnswer> ChangeAsync(string method, string? tag, string? text = null) => rest.SendAsync(
            method, $"{Memories}/{id}", text is null ? null : $$"""{"text": "{{text}}"}""", prepare: request => request.Headers.TryAddWithoutValidation("If-Match", tag));
    }

    /// <summary>Each memory comes once, whatever is stored while one reads, and those of one moment too.</summary>
    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_list_goes_on_where_its_page_ended(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);
        var stored = new List<string>();
        for (var number = 0; number < 7; number++)
            stored.Insert(0, await rest.StoreAsync("notes", $"note {number}", $$"""{"odd": {{(number % 2 == 1 ? "true" : "false")}}}"""));

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await rest.DoAsync("GET", $"{Memories}?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("memories").EnumerateArray().Select(memory => memory.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
            await rest.StoreAsync("notes", $"meanwhile {cursor}");
        }
        while (cursor is not null);

        Assert.Equal(stored, seen);
        Assert.Equal(["note 5", "note 3", "note 1"], await TextsAsync("metadata={\"odd\":true}"));
        Assert.Equal(["note 6", "note 4", "note 2", "note 0"], await TextsAsync("filter={\"must\":[{\"key\":\"metadata.odd\",\"match\":{\"value\":false}}]}"));
        Assert.Empty(await TextsAsync("until=1d"));

        async Task<IEnumerable<string?>> TextsAsync(string query) =>
            (await rest.DoAsync("GET", $"{Memories}?{query}")).GetProperty("memories").EnumerateArray().Select(memory => memory.GetProperty("text").GetString());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_search_says_what_was_found_and_why(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);
        var id = await rest.StoreAsync("notes", "the cat sat on the mat", """{"kind": "animal"}""");
        await rest.StoreAsync("notes", "the key rotates every friday");
        await rest.StoreAsync("others", "the cat of the others");

        var one = await rest.DoAsync("POST", "/collections/notes/search", """{"query": "cat", "limit": 1}""");
        var all = await rest.DoAsync("POST", "/search", """{"query": "cat"}""");
        var newest = await rest.DoAsync("POST", "/search", """{"metadata": {"kind": "animal"}}""");
        var none = await rest.DoAsync("POST", "/search", """{"query": "cat", "metadata": {"nowhere": 1}}""");

        var hit = Assert.Single(one.GetProperty("hits").EnumerateArray());
        Assert.Equal((id, "notes", 1, "hybrid"), (hit.GetProperty("memory").GetProperty("id").GetString(), hit.GetProperty("collection").GetString(), hit.GetProperty("keywordRank").GetInt32(), one.GetProperty("mode").GetString()));
        Assert.True(hit.GetProperty("score").GetDouble() > 0);
        Assert.Equal(["notes", "others"], all.GetProperty("hits").EnumerateArray().Take(2).Select(found => found.GetProperty("collection").GetString()).Order());
        Assert.Equal(2, all.GetProperty("collections").GetInt32());
        Assert.Equal(id, Assert.Single(newest.GetProperty("hits").EnumerateArray()).GetProperty("memory").GetProperty("id").GetString());
        Assert.Equal("metadata.nowhere", Assert.Single(none.GetProperty("missingFields").EnumerateArray()).GetString());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_preview_shows_exactly_what_goes_and_an_undo_brings_it_back(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);
        string[] ids = [await rest.StoreAsync("notes", "a", """{"kind": "x"}"""), await rest.StoreAsync("notes", "b", """{"kind": "x"}"""), await rest.StoreAsync("notes", "c")];
        const string Filter = """{"filter": {"must": [{"key": "metadata.kind", "match": {"value": "x"}}]}}""";

        var preview = await rest.DoAsync("POST", "/collections/notes/forget/preview", Filter);
        var stale = await rest.DoAsync("POST", "/collections/notes/forget/preview", Filter);
        await rest.StoreAsync("notes", "d", """{"kind": "x"}""");
        var refused = await rest.SendAsync("POST", "/collections/notes/forget", $$"""{"code": "{{stale.GetProperty("code")}}"}""");
        var byIds = await rest.DoAsync("POST", "/collections/notes/forget/preview", JsonSerializer.Serialize(new { ids = ids[..2] }));
        var forgotten = await rest.DoAsync("POST", "/collections/notes/forget", JsonSerializer.Serialize(new { ids = ids[..2], code = byIds.GetProperty("code").GetString() }));
        var change = forgotten.GetProperty("change").GetString();
        var history = await rest.DoAsync("GET", $"/collections/notes/changes?memory={ids[0]}");
        var plan = await rest.DoAsync("POST", "/collections/notes/undo", $$"""{"changes": ["{{change}}"], "dryRun": true}""");
        var stillGone = await rest.SendAsync("GET", $"{Memories}/{ids[0]}");
        var undone = await rest.DoAsync("POST", "/collections/notes/undo", $$"""{"changes": ["{{change}}"]}""");

        Assert.Equal((2, 2), (preview.GetProperty("count").GetInt32(), preview.GetProperty("memories").GetArrayLength()));
        Assert.StartsWith("Nothing was deleted", refused.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Equal((2, 0), (forgotten.GetProperty("deleted").GetInt32(), forgotten.GetProperty("changed").GetInt32()));
        var line = Assert.Single(history.GetProperty("changes").EnumerateArray());
        Assert.Equal((change, "deleted", "anonymous", "a"), (line.GetProperty("change").GetString(), line.GetProperty("kind").GetString(), line.GetProperty("by").GetString(), line.GetProperty("before").GetProperty("text").GetString()));
        Assert.False(plan.TryGetProperty("change", out _));
        Assert.Equal(HttpStatusCode.NotFound, stillGone.Status);
        Assert.Equal(["undone", "undone"], undone.GetProperty("memories").EnumerateArray().Select(memory => memory.GetProperty("outcome").GetString()));
        Assert.Equal("a", (await rest.DoAsync("GET", $"{Memories}/{ids[0]}")).GetProperty("text").GetString());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Collections_are_listed_with_what_they_hold(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);
        await rest.StoreAsync("notes", "a");
        await rest.StoreAsync("größe%20x", "b");

        var listed = (await rest.DoAsync("GET", "/collections")).GetProperty("collections").EnumerateArray().ToArray();
        var one = await rest.DoAsync("GET", "/collections/gr%C3%B6%C3%9Fe%20x");

        Assert.Equal(["größe x", "notes"], listed.Select(entry => entry.GetProperty("name").GetString()));
        Assert.Equal(listed[0].GetRawText(), one.GetRawText());
        Assert.Equal((1, "hybrid", "tiny-test", 8), (one.GetProperty("memories").GetInt32(), one.GetProperty("search").GetString(), one.GetProperty("model").GetString(), one.GetProperty("dimensions").GetInt32()));
    }

    [Fact]
    public async Task A_text_that_is_there_in_other_words_is_kept_only_by_force()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false, ("MEMORY_DUPLICATE_THRESHOLD", "0.9999"));
        var id = await rest.StoreAsync("notes", "the cat sat");

        var refused = await rest.SendAsync("POST", Memories, """{"text": "sat the cat"}""");
        var forced = await rest.SendAsync("POST", Memories, """{"text": "sat the cat", "force": true}""");

        Assert.StartsWith($"Nothing was stored: memory {id} says nearly the same", refused.Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal(id, refused.Json.GetProperty("memory").GetString());
        Assert.Equal(HttpStatusCode.Created, forced.Status);
    }
}
