using System.Text.Json;
using McpQdrant.Stores.Sqlite.Index;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class KeywordWordsTests
{
    [Theory]
    [InlineData("The cat's whiskers, and THE dog", "cat whiskers dog ")]
    [InlineData("snake_case camelCase x2", "snake case camelCase x2 ")]
    [InlineData("日本語の文章です。x²", "日本 本語 語の の文 文章 章で です x² ")]
    [InlineData("e\u0301te\u0301 𠀀𠀁 🦀 ½", "e\u0301te\u0301 𠀀𠀁 ½ ")]
    [InlineData("\uD800 lone \uDC00 surrogates", "lone surrogates ")]
    [InlineData("the of and", "")]
    [InlineData(" \0 -- \"*\" ", "")]
    public void Content_is_the_words_without_stop_words(string text, string content) =>
        Assert.Equal(content, KeywordWords.Content(text, "english"));

    [Fact]
    public void Content_keeps_every_word_without_a_language() => Assert.Equal("The cat s ", KeywordWords.Content("The cat's", "none"));

    [Theory]
    [InlineData("Cats OR cats NEAR(\"dogs\"*)", "Cats NEAR dogs")]
    [InlineData("what is the", "")]
    [InlineData("東京都の人口", "東京 京都 都の の人 人口")]
    [InlineData("", "")]
    public void Question_is_its_words_once(string question, string words) => Assert.Equal(words, KeywordWords.Question(question, "english"));

    [Fact]
    public void Question_is_bounded() =>
        Assert.Equal(64, KeywordWords.Question(string.Join(' ', Enumerable.Range(0, 10_000)), "english").Split(' ').Length);

    // The stop words are those that the recorded Qdrant drops: https://github.com/nltk/nltk_data, split at apostrophes.
    [Fact]
    public void Stop_words_are_those_that_qdrant_drops()
    {
        var words = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3", "bm25", "words.jsonl"))
            .Select(line => JsonElement.Parse(line))
            .Where(word => word.GetProperty("none").ValueKind == JsonValueKind.Number);

        Assert.All(words, word =>
        {
            var isStopWord = word.GetProperty("english").ValueKind == JsonValueKind.Null;
            Assert.Equal(isStopWord, KeywordWords.Content(word.GetProperty("word").GetString()!, "english").Length == 0);
        });
    }
}
