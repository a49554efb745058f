using McpQdrant.Embeddings.Local.Tokenizers;

namespace McpQdrant.Tests.Embeddings.Local;

public sealed class TokenizerTests
{
    private const string SpecialTokensLine = "[CLS] literal special tokens [SEP] [MASK] [UNK] [PAD]";

    private static readonly ITextTokenizer Shipped = ModelFolders.Tokenizer(ModelFolders.Shipped);

    [Fact]
    public void Tokenize_gives_the_ids_of_the_reference()
    {
        foreach (var golden in Golden.Read(ModelFolders.Shipped.Path).Where(golden => golden.Text != SpecialTokensLine))
        {
            var tokens = Shipped.Tokenize(golden.Text);

            Assert.Equal(golden.Ids, tokens.Ids);
            Assert.Equal(golden.Tokens, tokens.Total);
            Assert.Equal(golden.Tokens > 256, tokens.IsCut);
        }
    }

    [Fact]
    public void Tokenize_reads_special_tokens_in_a_text_as_text()
    {
        var tokens = Shipped.Tokenize(SpecialTokensLine);

        Assert.Equal([101, 102], tokens.Ids.Where(id => id is 101 or 102 or 103 or 100 or 0));
        Assert.Equal(Shipped.Tokenize("[ cls ] literal special tokens [ sep ] [ mask ] [ unk ] [ pad ]").Ids, tokens.Ids);
    }

    [Theory]
    [InlineData("Ǖ ṩ ﬀ Å İ", "u s ﬀ a i")]
    [InlineData("\uAC01 \uC548\uB155", "\u1100\u1161\u11A8 \u110B\u1161\u11AB\u1102\u1167\u11BC")]
    [InlineData("≮ ; A\u0301B", "< ; ab")]
    [InlineData("a\u000Bb c\u2028d e\u00ADf \uE000g", "ab c d ef g")]
    [InlineData("日本語", "日 本 語")]
    [InlineData("x\uD800y", "xy")]
    [InlineData("𝒳 豈", "𝒳 豈")]
    public void Split_normalizes_as_bert_does(string text, string expected)
    {
        var words = new BertPreTokenizer(lowerCase: true, DiacriticFolding.Load(), splitIdeographs: true);

        Assert.Equal(expected, string.Join(' ', words.Split(text).Select(word => word.ToString())));
    }

    [Fact]
    public void Split_keeps_case_and_accents_where_the_model_does()
    {
        var words = new BertPreTokenizer(lowerCase: false, bases: null, splitIdeographs: false);

        Assert.Equal(["É\u0301日本", "!"], words.Split("É\u0301日本!").Select(word => word.ToString()));
    }

    [Fact]
    public void Tokenize_stops_counting_in_a_very_long_text()
    {
        var tokens = Shipped.Tokenize(string.Concat(Enumerable.Repeat("never ending ", 800_000)));

        Assert.Equal(256, tokens.Ids.Length);
        Assert.Null(tokens.Total);
        Assert.True(tokens.IsCut);
    }

    [Fact]
    public void Tokenize_reads_a_very_long_word_as_one_unknown_token()
    {
        var tokens = Shipped.Tokenize(new string('a', 1_000_000));

        Assert.Equal([101, 100, 102], tokens.Ids);
        Assert.False(tokens.IsCut);
    }

    [Fact]
    public void Tokenize_reads_the_same_from_tokenizer_json_and_vocab_txt()
    {
        using var copy = new TemporaryModel("vocab.txt", "tokenizer_config.json", "config.json");
        var byVocabulary = ModelFolders.Tokenizer(copy.Folder);
        var byJson = ModelFolders.Tokenizer(ModelFolders.Tiny);

        foreach (var golden in Golden.Read(ModelFolders.TinyPath))
        {
            Assert.Equal(golden.Ids, byJson.Tokenize(golden.Text).Ids);
            Assert.Equal(golden.Ids, byVocabulary.Tokenize(golden.Text).Ids);
        }
    }
}
