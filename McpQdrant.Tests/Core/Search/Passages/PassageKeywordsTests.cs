using McpQdrant.Core.Search.Passages;

namespace McpQdrant.Tests.Core.Search.Passages;

public sealed class PassageKeywordsTests
{
    [Theory]
    [InlineData("deployments", "they deployed it")]
    [InlineData("rotating keys", "the key rotates")]
    [InlineData("ERR4711", "it failed with err4711 at night")]
    [InlineData("腾讯云", "部署在腾讯云国内节点")]
    [InlineData("東京", "東京都の人口")]
    public void Best_finds_the_passage_with_the_words_of_the_question(string query, string passage)
    {
        const string Other = "something else entirely. ";
        var keywords = new PassageKeywords(query, "english");

        keywords.Add(Other + passage, [new Passage(0, Other.Length), new Passage(Other.Length, Other.Length + passage.Length)]);
        keywords.Add(Other, [new Passage(0, Other.Length)]);

        var best = Assert.Single(keywords.Best());
        Assert.Equal((0, Other.Length), (best.Candidate, best.Passage.Start));
    }

    [Fact]
    public void Best_prefers_the_passage_with_more_and_rarer_words()
    {
        const string Text = "common common. common rare. common only here and long and longer and longest.";
        var keywords = new PassageKeywords("common rare", "english");

        keywords.Add(Text, [new Passage(0, 14), new Passage(15, 27), new Passage(28, Text.Length)]);

        Assert.Equal(15, Assert.Single(keywords.Best()).Passage.Start);
    }

    [Theory]
    [InlineData("the of and")]
    [InlineData("!?")]
    public void A_question_without_words_is_empty(string query) => Assert.True(new PassageKeywords(query, "english").IsEmpty);
}
