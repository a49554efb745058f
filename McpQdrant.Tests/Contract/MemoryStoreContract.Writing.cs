using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n ")]
    [InlineData("Grüße, 你好, नमस्ते, 🦀🏳️‍🌈, e\u0301, \u202E right to left")]
    [InlineData("a NUL \0 in the middle, \u0001 and \u001F")]
    [InlineData("'; DROP TABLE memories; -- \"quoted\" \\ {json} $1 ?")]
    public async Task Upsert_keeps_any_text(string text)
    {
        var (store, notes) = await OpenNotesAsync(Note(1, text, [1, 0]));

        var memory = Assert.Single(await store.GetAsync(notes, Ids(1), Token));

        Assert.Equal(text, memory.Text);
    }

    [Fact]
    public async Task Upsert_keeps_a_text_of_ten_megabytes()
    {
        var text = string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"word{i % 1000:D5} "));
        var (store, notes) = await OpenNotesAsync(Note(1, text, [1, 0]));

        var memory = Assert.Single(await store.GetAsync(notes, Ids(1), Token));

        Assert.True(text == memory.Text);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"z":1,"a":{"y":[],"b":[{"c":null}]},"m":"ü 🦀 \u0000"}""")]
    [InlineData("""{"whole":1,"float":1.0,"minus":-0.0,"small":0.1,"true":true,"none":null}""")]
    [InlineData("""{"beyond double":9007199254740993,"most":18446744073709551615,"least":-9223372036854775808}""")]
    [InlineData("""{"":"an empty key","a.b":"a dotted one","a":{"b":"another"}}""")]
    public async Task Upsert_keeps_metadata_with_its_numbers_and_order(string metadata)
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "text", [1, 0], metadata));

        var memory = Assert.Single(await store.GetAsync(notes, Ids(1), Token));

        Assert.Equal(JsonSerializer.Serialize(JsonElement.Parse(metadata)), JsonSerializer.Serialize(memory.Metadata));
    }

    [Fact]
    public async Task Upsert_keeps_metadata_nested_a_hundred_levels_deep()
    {
        var metadata = $$"""{"deep":{{new string('[', 98)}}{{new string(']', 98)}}}""";
        var deep = new JsonDocumentOptions { MaxDepth = 128 };
        var memory = new Memory(new MemoryId(1), "text", JsonElement.Parse(metadata, deep), null);
        var (store, notes) = await OpenNotesAsync(new StoredMemory(memory, Towards(1, 0)));

        var kept = Assert.Single(await store.GetAsync(notes, Ids(1), Token));

        Assert.Equal(metadata, kept.Metadata!.Value.GetRawText());
    }

    [Fact]
    public async Task Upsert_keeps_the_time_and_knows_none_from_none()
    {
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)).AddMicroseconds(123456);
        var (store, notes) = await OpenNotesAsync(Note(1, "dated", [1, 0], "{}", time), Note(2, "undated", [1, 0]));

        var memories = await store.GetAsync(notes, Ids(1, 2), Token);

        Assert.Equal([time, null], memories.Select(memory => memory.StoredAt));
        Assert.NotNull(memories[0].Metadata);
        Assert.Null(memories[1].Metadata);
    }

    [Fact]
    public async Task Upsert_takes_numbers_and_uuids_as_ids()
    {
        MemoryId[] ids = [new(0), new(ulong.MaxValue), new(Guid.Empty), new(new Guid("f6fadfa7-e5c1-4b62-9362-da5cc13da58a"))];
        var (store, notes) = await OpenNotesAsync([.. ids.Select(id => Note(id, $"text of {id}", [1, 0]))]);

        var memories = await store.GetAsync(notes, ids, Token);

        Assert.Equal(ids, memories.Select(memory => memory.Id));
        Assert.All(memories, memory => Assert.Equal($"text of {memory.Id}", memory.Text));
    }

    [Fact]
    public async Task Upsert_replaces_a_memory_whole()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zebra", [1, 0], """{"a":1}""", Noon));

        await store.UpsertAsync(notes, [Note(1, "giraffe", [0, 1], """{"b":2}""")], Token);

        var memory = Assert.Single(await store.GetAsync(notes, Ids(1), Token));
        Assert.Equal(("giraffe", """{"b":2}""", null), (memory.Text, memory.Metadata?.GetRawText(), memory.StoredAt));
        Assert.Equal(1, await store.CountAsync(notes, null, Token));
        Assert.Empty(await store.SearchAsync(notes, new SearchRequest { Keywords = "zebra", Limit = 5 }, Token));
        Assert.Equal(1, Assert.Single(await store.SearchAsync(notes, new SearchRequest { Vector = Towards(0, 1), Limit = 5 }, Token)).Score, 1e-5);
    }

    [Fact]
    public async Task Upsert_of_one_id_twice_keeps_the_last()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "first", [1, 0]), Note(2, "other", [1, 0]), Note(1, "last", [0, 1]));

        var memories = await store.GetAsync(notes, Ids(1, 2), Token);

        Assert.Equal(["last", "other"], memories.Select(memory => memory.Text));
    }

    [Fact]
    public async Task Upsert_of_nothing_changes_nothing()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "text", [1, 0]));

        await store.UpsertAsync(notes, [], Token);

        Assert.Equal(1, await store.CountAsync(notes, null, Token));
    }

    [Fact]
    public async Task Upsert_of_a_wrong_size_is_refused_whole()
    {
        var (store, notes) = await OpenNotesAsync();

        await Assert.ThrowsAnyAsync<MemoryException>(() => store.UpsertAsync(notes, [Note(1, "good", [1, 0]), Note(2, "bad", [1, 0, 0])], Token));

        Assert.Equal(0, await store.CountAsync(notes, null, Token));
    }

    [Fact]
    public async Task Upsert_that_is_cancelled_before_it_starts_stores_nothing()
    {
        var (store, notes) = await OpenNotesAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.UpsertAsync(notes, [Note(1, "text", [1, 0])], new CancellationToken(canceled: true)));

        Assert.Equal(0, await store.CountAsync(notes, null, Token));
    }

    [Fact]
    public async Task Delete_says_how_many_were_there()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "one", [1, 0]), Note(2, "two", [1, 0]), Note(3, "three", [1, 0]));

        var gone = await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1, 3, 99, 1)), Token);

        Assert.Equal(2, gone);
        Assert.Equal("two", Assert.Single(await store.GetAsync(notes, Ids(1, 2, 3), Token)).Text);
    }

    [Fact]
    public async Task Delete_of_absent_ids_or_none_is_fine()
    {
        var (store, notes) = await OpenNotesAsync();

        Assert.Equal(0, await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1)), Token));
        Assert.Equal(0, await store.DeleteAsync(notes, new MemorySelection.ByIds([]), Token));
    }

    [Fact]
    public async Task Delete_takes_a_memory_out_of_every_search()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zebra", [1, 0]), Note(2, "giraffe", [0.9f, 0.1f]));
        var both = new SearchRequest { Vector = Towards(1, 0), Keywords = "zebra giraffe", Limit = 5 };
        Assert.Equal(2, (await store.SearchAsync(notes, both, Token)).Count);

        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1)), Token);

        Assert.Equal(Ids(2), IdsOf(await store.SearchAsync(notes, both, Token)));
    }

    [Fact]
    public async Task Fifty_callers_store_and_find_at_once()
    {
        var (store, notes) = await OpenNotesAsync();

        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Token }, async (i, token) =>
        {
            var id = (ulong)i;
            await store.UpsertAsync(notes, [Note(id, $"word{i}", [i, 1])], token);
            var found = await store.SearchAsync(notes, new SearchRequest { Keywords = $"word{i}", Limit = 1 }, token);
            Assert.Equal(Ids(id), IdsOf(found));
        });

        Assert.Equal(50, await store.CountAsync(notes, null, Token));
    }
}
