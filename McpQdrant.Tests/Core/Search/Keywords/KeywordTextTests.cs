using McpQdrant.Core.Search.Keywords;

namespace McpQdrant.Tests.Core.Search.Keywords;

public sealed class KeywordTextTests
{
    [Theory]
    [InlineData("腾讯云ERR4711", "腾讯 讯云 ERR4711")]
    [InlineData("错误代码ERR4711在支付模块", "错误 误代 代码 ERR4711 在支 支付 付模 模块")]
    [InlineData("東京都の人口", "東京 京都 都の の人 人口")]
    [InlineData("コーヒー", "コー ーヒ ヒー")]
    [InlineData("서울은 수도이다", "서울 울은 수도 도이 이다")]
    [InlineData("猫。犬", "猫 。 犬")]
    [InlineData("กรุงเทพ", "กร รง งเ เท ทพ")]
    [InlineData("ที่ 25", "ท 25")]
    [InlineData("ປະເທດລາວ", "ປະ ະເ ເທ ທດ ດລ ລາ າວ")]
    [InlineData("កម្ពុជា", "កម មព ពជ")]
    [InlineData("𠀀𠀁𠀂", "𠀀𠀁 𠀁𠀂")]
    public void Of_makes_pairs_of_scripts_without_blanks(string text, string keywords) =>
        Assert.Equal(keywords, string.Join(' ', KeywordText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("We deploy on Fridays, don’t we — “always”…")]
    [InlineData("Das Straßenverkehrsamt öffnet; Москва столица; القاهرة عاصمة مصر; हिन्दी; 🦀 🏳️‍🌈")]
    [InlineData("")]
    public void Of_leaves_other_texts_as_they_are(string text)
    {
        Assert.Same(text, KeywordText.Of(text));
        Assert.False(KeywordText.HasPairs(text));
    }

    [Fact]
    public void OfQuestion_asks_for_words_as_they_are_too_where_older_memories_have_them_so()
    {
        Assert.Equal(KeywordText.Of("수도이다 猫 서울 deploy"), KeywordText.OfQuestion("수도이다 猫 서울 deploy", hasPairs: true));
        Assert.Equal(KeywordText.Of("수도이다 猫 서울 deploy") + " 수도이다", KeywordText.OfQuestion("수도이다 猫 서울 deploy", hasPairs: false));
        Assert.Equal("deploy", KeywordText.OfQuestion("deploy", hasPairs: false));
    }
}
