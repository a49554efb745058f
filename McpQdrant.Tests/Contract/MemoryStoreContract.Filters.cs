using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    private static readonly StoredMemory[] Filtered =
    [
        By("anna", Note(1, "zebra in red", [1, 0], """{"colour":"red","rank":1,"tags":["a","b"]}""", Noon)),
        Note(2, "zebra in blue", [1, 0.1f], """{"colour":"blue","rank":2}""", Noon.AddDays(-1)),
        Note(3, "giraffe in red", [1, 0.2f], """{"colour":"red","rank":3.5}"""),
        Note(new MemoryId(new Guid("0c04b6fa-b42d-433a-9955-052d592969fd")), "nothing said", vector: null),
    ];

    public static TheoryData<string, int[]> Filters => new()
    {
        { """{"must":[{"key":"metadata.colour","match":{"value":"red"}}]}""", [0, 2] },
        { """{"must_not":[{"key":"metadata.colour","match":{"value":"red"}}]}""", [1, 3] },
        { """{"must":[{"key":"metadata.rank","range":{"gte":2}}]}""", [1, 2] },
        { """{"must":[{"key":"metadata.tags","match":{"any":["b","c"]}}]}""", [0] },
        { """{"must":[{"key":"document","match":{"text":"zebra"}}]}""", [0, 1] },
        { """{"must":[{"key":"stored_at","range":{"gte":"2026-03-04T00:00:00Z"}}]}""", [0] },
        { """{"must":[{"is_empty":{"key":"stored_at"}}]}""", [2, 3] },
        { """{"must":[{"is_null":{"key":"metadata"}}]}""", [3] },
        { """{"must":[{"key":"memory_by","match":{"value":"anna"}}]}""", [0] },
        { """{"must":[{"is_empty":{"key":"memory_by"}}]}""", [1, 2, 3] },
        { """{"must":[{"is_empty":{"key":"memory_expires_at"}}]}""", [0, 1, 2, 3] },
        { """{"must":[{"has_id":[2,"0c04b6fa-b42d-433a-9955-052d592969fd"]}]}""", [1, 3] },
        { """{"must":[{"has_vector":"fast-tiny-model"}]}""", [0, 1, 2] },
        { """{"must":[{"key":"metadata.colour","match":{"value":"green"}}]}""", [] },
    };

    private static StoredMemory By(string caller, StoredMemory note) => note with { Memory = note.Memory with { By = caller } };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Filter_holds_for_count_search_and_reading(string filter, int[] expected)
    {
        var (store, notes) = await OpenNotesAsync(Filtered);
        var parsed = FilterOf(filter);
        var ids = expected.Select(i => Filtered[i].Memory.Id).ToArray();
        var withVector = ids.Where(id => id.IsNumber);

        var count = await store.CountAsync(notes, parsed, Token);
        var read = await store.ReadAllAsync(notes, parsed, withVectors: true, Token).ToListAsync(Token);
        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 10, Filter = parsed }, Token);

        Assert.Equal(ids.Length, count);
        Assert.Equal(ids, read.Select(stored => stored.Memory.Id));
        Assert.Equal(withVector, IdsOf(found));
    }

    [Fact]
    public async Task Filter_comes_before_the_limit()
    {
        var (store, notes) = await OpenNotesAsync([.. Enumerable.Range(1, 200).Select(i =>
            Note((ulong)i, "zebra", [200, i], $$"""{"last":{{(i > 190 ? "true" : "false")}}}"""))]);
        var filter = FilterOf("""{"must":[{"key":"metadata.last","match":{"value":true}}]}""");

        var near = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Limit = 3, Filter = filter }, Token);
        var worded = await store.SearchAsync(notes, new SearchRequest { Keywords = "zebra", Limit = 3, Filter = filter }, Token);
        var both = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Keywords = "zebra", Limit = 3, Filter = filter }, Token);

        Assert.Equal(Ids(191, 192, 193), IdsOf(near));
        Assert.Equal(Ids(191, 192, 193), IdsOf(worded));
        Assert.All(IdsOf(both), id => Assert.True(id.Number > 190));
        Assert.Equal(3, both.Count);
    }

    [Fact]
    public async Task Filter_sees_what_was_written_last()
    {
        var (store, notes) = await OpenNotesAsync(Filtered);
        var red = FilterOf("""{"must":[{"key":"metadata.colour","match":{"value":"red"}}]}""");
        Assert.Equal(2, await store.CountAsync(notes, red, Token));

        await store.UpsertAsync(notes, [Note(1, "repainted", [1, 0], """{"colour":"green"}"""), Note(5, "new", [1, 0], """{"colour":"red"}""")], Token);

        Assert.Equal(Ids(3, 5), await store.ReadAllAsync(notes, red, withVectors: true, Token).Select(stored => stored.Memory.Id).ToListAsync(Token));
    }

    private static Filter FilterOf(string json) => Filter.Parse(JsonElement.Parse(json));
}
