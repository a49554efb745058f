using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Passages;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Contract;

/// <content>Long texts, which are searched by their passages too.</content>
public abstract partial class MemoryStoreContract
{
    /// <summary>Three paragraphs of some 60 words each; only the last one speaks of the zebra.</summary>
    private static readonly string LongText = string.Join("\n\n", Paragraph("harbour crane"), Paragraph("garden fence"), Paragraph("zebra crossing"));

    private static readonly SearchRequest TowardsZebra = new() { Vector = Towards(0, 0, 1), Limit = 10 };

    private protected virtual ITextMaintenance TextMaintenanceOf(IMemoryStore store) => (ITextMaintenance)store;

    [Fact]
    public async Task Search_finds_a_long_memory_by_its_nearest_passage()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1), Note(2, "short", [0.8f, 0, 0.6f])], Token);

        var found = await store.SearchAsync(notes, TowardsZebra, Token);

        Assert.Equal(Ids(1, 2), IdsOf(found));
        Assert.Equal(1 - Passage.Handicap, found[0].Similarity!.Value, 0.01);
        Assert.Equal(0.6, found[1].Similarity!.Value, 0.01);
        Assert.Null(found[1].Passage);
    }

    [Fact]
    public async Task Search_with_keywords_says_which_passage_matched()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1), Note(2, "a short note", [1, 0, 0])], Token);

        var hit = (await store.SearchAsync(notes, TowardsZebra with { Keywords = "zebras" }, Token))[0];

        Assert.Equal(new MemoryId(1), hit.Memory.Id);
        Assert.Equal(1, hit.KeywordRank);
        Assert.Equal(LongText.IndexOf("The zebra", StringComparison.Ordinal), hit.Passage!.Start);
        Assert.Equal(LongText.Length, hit.Passage.End);
        Assert.Equal(LongText[hit.Passage.Start..hit.Passage.End], hit.Passage.Text);
    }

    [Fact]
    public async Task Search_by_keywords_alone_says_which_passage_matched()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1)], Token);

        var hit = Assert.Single(await store.SearchAsync(notes, new SearchRequest { Keywords = "fence", Limit = 3 }, Token));

        Assert.Equal(LongText.IndexOf("The garden", StringComparison.Ordinal), hit.Passage!.Start);
        Assert.Null(hit.Similarity);
    }

    [Fact]
    public async Task Search_counts_a_long_memory_once()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1), Long(2)], Token);

        Assert.Equal(Ids(1, 2), IdsOf(await store.SearchAsync(notes, TowardsZebra with { Keywords = "zebra" }, Token)));
        Assert.Equal(2, await store.CountAsync(notes, filter: null, Token));
        Assert.Equal(2, await store.ReadAllAsync(notes, filter: null, withVectors: true, Token).CountAsync(Token));
    }

    [Fact]
    public async Task Search_ranks_short_memories_as_without_passages()
    {
        var store = await OpenAsync();
        var spec = NewSpec(size: 3);
        await store.CreateAsync(spec, Token);
        var plain = LayoutOf(spec);
        await store.UpsertAsync(plain, [.. Enumerable.Range(1, 30).Select(i => Note((ulong)i, i % 3 == 0 ? $"zebra {i}" : $"horse {i} of the zebra", [i, 30 - i, i % 7]))], Token);
        var search = TowardsZebra with { Keywords = "zebra", Limit = 20 };

        var expected = await store.SearchAsync(plain, search, Token);
        var found = await store.SearchAsync(WithPassages(plain), search, Token);

        Assert.Equal(IdsOf(expected), IdsOf(found));
        Assert.All(expected.Zip(found), pair =>
        {
            Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4);
            Assert.Equal(pair.First.Similarity!.Value, pair.Second.Similarity!.Value, 1e-4);
            Assert.Equal(pair.First.KeywordRank, pair.Second.KeywordRank);
        });
    }

    [Fact]
    public async Task Search_of_long_memories_keeps_to_filter_threshold_recency_and_diversity()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1, """{"kind":"a"}"""), Long(2, """{"kind":"b"}"""), Note(3, "zebra", [0.99f, 0, 0.1f], """{"kind":"b"}""", Noon)], Token);

        var search = TowardsZebra with { Keywords = "zebra", Filter = KindB, Recency = new Recency(TimeSpan.FromDays(1), Noon.AddDays(10)), Diversity = 0.1 };

        Assert.Equal(Ids(2, 3), IdsOf(await store.SearchAsync(notes, search, Token)).Order());
        Assert.Equal(Ids(2), IdsOf(await store.SearchAsync(notes, TowardsZebra with { Filter = KindB, SimilarityThreshold = 0.9 }, Token)));
    }

    [Fact]
    public async Task Replace_by_a_shorter_text_leaves_no_passage_behind()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1)], Token);
        var read = Assert.Single(await store.GetAsync(notes, Ids(1), Token)).Revision;

        Assert.True(await store.ReplaceAsync(notes, Note(1, "short", [1, 0, 0]), read, Token));

        Assert.Equal(0, Assert.Single(await store.SearchAsync(notes, TowardsZebra, Token)).Similarity!.Value, 0.01);
    }

    [Fact]
    public async Task Replace_by_a_longer_text_is_found_by_its_passages()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Note(1, "short", [1, 0, 0])], Token);
        var read = Assert.Single(await store.GetAsync(notes, Ids(1), Token)).Revision;

        Assert.True(await store.ReplaceAsync(notes, Long(1), read, Token));

        Assert.Equal(1 - Passage.Handicap, Assert.Single(await store.SearchAsync(notes, TowardsZebra, Token)).Similarity!.Value, 0.01);
    }

    [Fact]
    public async Task Delete_of_a_long_memory_leaves_nothing_to_be_found()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1), Note(2, "short", [1, 0, 0])], Token);
        await store.SearchAsync(notes, TowardsZebra, Token);

        await store.DeleteAsync(notes, new MemorySelection.ByIds(Ids(1)), Token);

        Assert.Equal(Ids(2), IdsOf(await store.SearchAsync(notes, TowardsZebra with { Keywords = "zebra" }, Token)));
    }

    [Fact]
    public async Task Fill_gives_passages_to_a_memory_that_was_stored_without()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1) with { Passages = [] }], Token);
        var maintenance = TextMaintenanceOf(store);
        var lacking = await maintenance.ReadWithoutPassagesAsync(notes, Token).SingleAsync(Token);

        await maintenance.FillPassagesAsync(notes, [new StoredMemory(lacking, null) { Passages = Long(1).Passages }], Token);

        Assert.Equal(1 - Passage.Handicap, Assert.Single(await store.SearchAsync(notes, TowardsZebra, Token)).Similarity!.Value, 0.01);
        Assert.Empty(await maintenance.ReadWithoutPassagesAsync(notes, Token).ToListAsync(Token));
        Assert.Equal(LongText, Assert.Single(await store.GetAsync(notes, Ids(1), Token)).Text);
    }

    [Fact]
    public async Task Fill_passes_over_a_memory_that_was_changed_since()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1) with { Passages = [] }], Token);
        var maintenance = TextMaintenanceOf(store);
        var lacking = await maintenance.ReadWithoutPassagesAsync(notes, Token).SingleAsync(Token);
        Assert.True(await store.ReplaceAsync(notes, Note(1, "another text", [1, 0, 0]), lacking.Revision, Token));

        await maintenance.FillPassagesAsync(notes, [new StoredMemory(lacking, null) { Passages = Long(1).Passages }], Token);

        Assert.Equal(0, Assert.Single(await store.SearchAsync(notes, TowardsZebra, Token)).Similarity!.Value, 0.01);
    }

    private static readonly Filter KindB = FilterOf("""{"must":[{"key":"metadata.kind","match":{"value":"b"}}]}""");

    private static string Paragraph(string subject) =>
        string.Join(' ', Enumerable.Range(1, 5).Select(i => $"The {subject} was painted again in the year {1900 + i} by them."));

    private protected static CollectionLayout WithPassages(CollectionLayout layout) => layout with { PassageVectorName = "fast-tiny-model-passages" };

    /// <summary>Its beginning is far from the zebra, its last passage is not.</summary>
    private static StoredMemory Long(ulong id, string? metadata = null)
    {
        var passages = PassageCutter.Cut(LongText);
        return Note(id, LongText, [1, 0, 0], metadata) with
        {
            Passages = [.. passages.Select(passage => passage.In(LongText).Contains("zebra", StringComparison.Ordinal) ? Towards(0, 0, 1) : Towards(0, 1, 0))],
        };
    }

    private async Task<(IMemoryStore Store, CollectionLayout Notes)> OpenLongNotesAsync()
    {
        var (store, notes) = await OpenNotesAsync(size: 3);
        return (store, WithPassages(notes));
    }
}
