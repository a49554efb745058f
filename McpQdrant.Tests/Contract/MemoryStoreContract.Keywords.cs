using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Passages;

namespace McpQdrant.Tests.Contract;

public abstract partial class MemoryStoreContract
{
    [Fact]
    public async Task Keywords_rank_the_memory_with_more_of_the_words_first()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "the deployment of a service", [1, 0]), Note(2, "kubernetes deployment", [1, 0]), Note(3, "a cake recipe", [1, 0]),
            Note(4, "a walk in the park", [1, 0]), Note(5, "an old bicycle", [1, 0]));

        var found = await store.SearchAsync(notes, new SearchRequest { Keywords = "Kubernetes deployment?", Limit = 10 }, Token);

        Assert.Equal(Ids(2, 1), IdsOf(found));
        Assert.Equal([1, 2], found.Select(hit => hit.KeywordRank));
        Assert.True(found[0].Score > found[1].Score && found[1].Score > 0);
    }

    [Theory]
    [InlineData("DEPLOYED", "we deploy on fridays")]
    [InlineData("run", "running shoes")]
    [InlineData("user", "the file of user_name")]
    [InlineData("日本語の文章です", "見出し 日本語の文章です 終わり")]
    [InlineData("x2", "matrix x2, y3")]
    public async Task Keywords_find_words_in_any_form(string question, string text)
    {
        var (store, notes) = await OpenNotesAsync(Note(1, text, [1, 0]), Note(2, "something else", [1, 0]));

        var found = await store.SearchAsync(notes, new SearchRequest { Keywords = question, Limit = 10 }, Token);

        Assert.Equal(Ids(1), IdsOf(found));
    }

    [Theory]
    [InlineData("腾讯云", "用户服务器部署在腾讯云国内节点")]
    [InlineData("ERR4711", "错误代码ERR4711在支付模块")]
    [InlineData("东京 下周", "我们下周去东京出差")]
    [InlineData("東京", "東京都の人口は一千四百万人です")]
    [InlineData("パスワード", "新しいパスワードは毎月変わります")]
    [InlineData("ERR4712", "支払いでERR4712が出ました")]
    [InlineData("수도", "서울은 대한민국의 수도이다")]
    [InlineData("데이터베이스", "데이터베이스를 매일 백업한다")]
    [InlineData("ERR4713", "결제에서ERR4713이 발생했다")]
    [InlineData("กรุงเทพ", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย")]
    [InlineData("รหัสผ่าน", "เปลี่ยนรหัสผ่านทุกเดือน")]
    [InlineData("ERR4714", "เกิดERR4714ในการชำระเงิน")]
    public async Task Keywords_find_a_part_of_a_text_without_blanks(string question, string text)
    {
        string[] others = ["今天午饭吃了牛肉面", "会议改到星期五下午三点", "猫が窓辺で寝るのが好きです", "고양이는 창가에서 잔다", "แมวชอบนอนริมหน้าต่าง", "a cat on the window sill"];
        var (store, notes) = await OpenNotesAsync([Note(1, text, [1, 0]), .. others.Select((other, i) => Note((ulong)i + 2, other, [1, 0]))]);

        var found = await store.SearchAsync(notes, new SearchRequest { Keywords = question, Limit = 10 }, Token);

        Assert.Equal(new MemoryId(1), found[0].Memory.Id);
        Assert.All(found.Skip(1), other => Assert.True(other.Score < found[0].Score / 2, other.Memory.Text));
        Assert.Equal(IdsOf(found), IdsOf(await store.SearchAsync(WithoutPairs(notes), new SearchRequest { Keywords = question, Limit = 10 }, Token)));
    }

    [Fact]
    public async Task RewriteKeywords_touches_nothing_else_and_passes_over_what_was_changed()
    {
        var (store, notes) = await OpenLongNotesAsync();
        await store.UpsertAsync(notes, [Long(1, """{"kind":"a"}"""), Note(2, "東京都の人口", [1, 0, 0], storedAt: Noon), Note(3, "before", [1, 0, 0])], Token);
        var read = await store.GetAsync(notes, Ids(1, 2, 3), Token);
        Assert.True(await store.ReplaceAsync(notes, Note(3, "giraffe", [1, 0, 0]), read[2].Revision, Token));
        await store.SearchAsync(notes, TowardsZebra with { Keywords = "zebra" }, Token);

        await TextMaintenanceOf(store).RewriteKeywordsAsync(notes, read, Token);

        Assert.Equal(read.Take(2).Select(Shown), (await store.GetAsync(notes, Ids(1, 2), Token)).Select(Shown));
        Assert.Equal(1 - Passage.Handicap, (await store.SearchAsync(notes, TowardsZebra with { Keywords = "zebra" }, Token))[0].Similarity!.Value, 0.01);
        Assert.Equal(Ids(2), IdsOf(await store.SearchAsync(notes, new SearchRequest { Keywords = "人口", Limit = 5 }, Token)));
        Assert.Equal(Ids(3), IdsOf(await store.SearchAsync(notes, new SearchRequest { Keywords = "giraffe", Limit = 5 }, Token)));
        Assert.Empty(await store.SearchAsync(notes, new SearchRequest { Keywords = "before", Limit = 5 }, Token));

        static string Shown(Memory memory) => $"{memory.Id} {memory.Text} {memory.Metadata} {memory.StoredAt} {memory.FirstStoredAt}";
    }

    private static CollectionLayout WithoutPairs(CollectionLayout layout) => layout with { Keywords = layout.Keywords! with { HasPairs = false } };

    [Theory]
    [InlineData("")]
    [InlineData("?!, -- \" ' * ( ) : ^ + \0")]
    [InlineData("🦀 🏳️‍🌈")]
    [InlineData("the of and with")]
    [InlineData("unheard-of")]
    public async Task Keywords_without_a_known_word_find_nothing(string question)
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "the text of a memory", [1, 0]));

        Assert.Empty(await store.SearchAsync(notes, new SearchRequest { Keywords = question, Limit = 10 }, Token));
    }

    [Theory]
    [InlineData("memory\" OR \"x")]
    [InlineData("memory AND NOT near(memory, 2) OR *")]
    [InlineData("text:memory -memory ^memory memory*")]
    [InlineData("'memory'; DROP TABLE memories")]
    public async Task Keywords_may_be_any_text(string question)
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "a memory of something", [1, 0]));

        Assert.Equal(Ids(1), IdsOf(await store.SearchAsync(notes, new SearchRequest { Keywords = question, Limit = 10 }, Token)));
    }

    [Fact]
    public async Task Keywords_may_be_ten_thousand()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "memory", [1, 0]));
        var question = "memory " + string.Join(' ', Enumerable.Range(0, 10_000).Select(i => $"word{i}"));

        Assert.Equal(Ids(1), IdsOf(await store.SearchAsync(notes, new SearchRequest { Keywords = question, Limit = 10 }, Token)));
    }

    [Fact]
    public async Task Keywords_count_within_the_collection_alone()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zebra", [1, 0]));
        var other = NewSpec();
        await store.CreateAsync(other, Token);
        await store.UpsertAsync(LayoutOf(other), [Note(2, "zebra", [1, 0])], Token);

        Assert.Equal(Ids(1), IdsOf(await store.SearchAsync(notes, new SearchRequest { Keywords = "zebra", Limit = 10 }, Token)));
    }

    [Fact]
    public async Task Keywords_that_most_memories_have_weigh_less_and_not_nothing()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "atlas", [1, 0]), Note(2, "atlas, the handbook for a new colleague", [1, 0]), Note(3, "deploy, and deploy again", [1, 0]), Note(4, "deploy atlas", [1, 0]));

        var found = await store.SearchAsync(notes, new SearchRequest { Keywords = "atlas deploy", Limit = 10 }, Token);

        Assert.Equal(Ids(4, 3, 1, 2), IdsOf(found));
        Assert.All(found, hit => Assert.InRange(hit.Score, 0.3, 2));
    }

    [Fact]
    public async Task Hybrid_finds_by_meaning_and_by_words()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "both zebra", [1, 0]), Note(2, "meaning", [1, 0.1f]), Note(3, "zebra by word alone", vector: null), Note(4, "neither", [-1, 0]));
        var search = new SearchRequest { Vector = Towards(1, 0), Keywords = "zebra", Limit = 3 };

        var found = await store.SearchAsync(notes, search, Token);

        Assert.Equal(new MemoryId(1), found[0].Memory.Id);
        Assert.Equal(Ids(1, 2, 3), IdsOf(found).Order());
        Assert.NotNull(found[0].Similarity);
        Assert.NotNull(found[0].KeywordRank);
        Assert.Null(found.Single(hit => hit.Memory.Id == new MemoryId(2)).KeywordRank);
        Assert.Null(found.Single(hit => hit.Memory.Id == new MemoryId(3)).Similarity);
        Assert.Equal(found.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Memory.Id), found);
    }

    [Fact]
    public async Task Hybrid_threshold_holds_for_what_is_found_by_meaning_alone()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "near", [1, 0]), Note(2, "far", [0, 1]), Note(3, "far zebra", [0, 1]));
        var search = new SearchRequest { Vector = Towards(1, 0), Keywords = "zebra", Limit = 10, SimilarityThreshold = 0.5 };

        var found = await store.SearchAsync(notes, search, Token);

        Assert.Equal(Ids(1, 3), IdsOf(found).Order());
    }

    [Fact]
    public async Task Hybrid_without_known_words_is_a_search_by_meaning()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "text", [0, 1]), Note(2, "text", [1, 1]), Note(3, "text", [1, 0]));

        var found = await store.SearchAsync(notes, new SearchRequest { Vector = Towards(1, 0), Keywords = "!?", Limit = 10 }, Token);

        Assert.Equal(Ids(3, 2, 1), IdsOf(found));
        Assert.All(found, hit => Assert.Null(hit.KeywordRank));
    }

    [Fact]
    public async Task Hybrid_with_diversity_scores_by_meaning()
    {
        var (store, notes) = await OpenNotesAsync(
            Note(1, "first zebra", [1, 0]), Note(2, "zebra again", [1, 0.01f]), Note(3, "other", [0.6f, -0.8f]), Note(4, "zebra by word alone", vector: null));
        var search = new SearchRequest { Vector = Towards(1, 0), Keywords = "zebra", Limit = 2, Diversity = 0.7 };

        var found = await store.SearchAsync(notes, search, Token);

        Assert.Equal(Ids(1, 3), IdsOf(found));
        Assert.Equal([1, 0.6], found.Select(hit => Math.Round(hit.Score, 5)));
        Assert.NotNull(found[0].KeywordRank);
    }

    [Fact]
    public async Task Keywords_with_diversity_keep_the_scores_of_words()
    {
        var (store, notes) = await OpenNotesAsync(Note(1, "zebra", [1, 0]), Note(2, "zebra", [1, 0]), Note(3, "a giraffe", [1, 0]));
        var search = new SearchRequest { Keywords = "zebra", Limit = 2 };
        var plain = await store.SearchAsync(notes, search, Token);

        var diverse = await store.SearchAsync(notes, search with { Diversity = 0.5 }, Token);

        Assert.Equal(plain.Select(hit => hit.Score), diverse.Select(hit => hit.Score));
    }

    [Fact]
    public async Task Hybrid_answers_the_same_each_time()
    {
        var (store, notes) = await OpenNotesAsync(
            [.. Enumerable.Range(1, 40).Select(i => Note((ulong)i, i % 2 == 0 ? "zebra" : "giraffe", [1, i % 4]))]);
        var search = new SearchRequest { Vector = Towards(1, 0), Keywords = "zebra", Limit = 10 };

        var first = IdsOf(await store.SearchAsync(notes, search, Token));

        for (var i = 0; i < 10; i++)
            Assert.Equal(first, IdsOf(await store.SearchAsync(notes, search, Token)));
    }
}
