using Google.Protobuf;
using McpQdrant.Core.Memories;
using McpQdrant.Embeddings.Local.Tokenizers;

namespace McpQdrant.Tests.Embeddings.Local;

public sealed class SentencePieceTests
{
    // As XLM-RoBERTa's: the ids of tokenizer.json are not the positions in the SentencePiece file.
    private const string TokenizerJson = """
        {
          "model": {"type": "Unigram", "unk_id": 3, "vocab": [["<s>", 0], ["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["▁the", -1], ["▁cat", -2], ["▁", -3], ["s", -3], ["▁sat", -2]]},
          "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}]}
        }
        """;

    // The types of pieces.
    private const int Normal = 1, Unknown = 2, Control = 3;

    [Theory]
    [InlineData("the cats sat", new long[] { 0, 4, 5, 7, 8, 2 })]
    [InlineData("  the   cat xyz", new long[] { 0, 4, 5, 6, 3, 2 })]
    [InlineData("", new long[] { 0, 2 })]
    [InlineData("the <s>", new long[] { 0, 4, 6, 3, 7, 3, 2 })]
    public void Tokenize_gives_the_models_own_ids(string text, long[] ids)
    {
        var tokens = Load(maxTokens: 16).Tokenize(text);

        Assert.Equal(ids, tokens.Ids);
        Assert.Equal(ids.Length, tokens.Total);
    }

    [Fact]
    public void Tokenize_cuts_at_the_models_limit()
    {
        var tokenizer = Load(maxTokens: 4);

        var cut = tokenizer.Tokenize("the cats sat");
        var endless = tokenizer.Tokenize(string.Concat(Enumerable.Repeat("the ", 1_000_000)));

        Assert.Equal([0, 4, 5, 2], cut.Ids);
        Assert.Equal(6, cut.Total);
        Assert.Equal([0, 4, 4, 2], endless.Ids);
        Assert.Null(endless.Total);
        Assert.True(endless.IsCut);
    }

    [Fact]
    public void Load_takes_a_file_alone_that_has_the_ids_of_the_network()
    {
        using var folder = new TemporaryModel();
        File.WriteAllBytes(folder.At("sentencepiece.bpe.model"), Model(("<s>", 0, Control), ("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Unknown)));

        var tokens = TokenizerLoader.Load(folder.Folder, maxTokens: 16).Tokenize("the <s> cats");

        Assert.Equal([0, 4, 6, 3, 7, 3, 5, 7, 2], tokens.Ids);
    }

    [Fact]
    public void Load_refuses_a_file_alone_that_has_other_ids()
    {
        using var folder = new TemporaryModel();
        File.WriteAllBytes(folder.At("sentencepiece.bpe.model"), Model());

        var error = Assert.Throws<MemoryException>(() => TokenizerLoader.Load(folder.Folder, maxTokens: 16));

        Assert.Equal("The ids in sentencepiece.bpe.model of the embedding model tiny-test are not those of the network. Download its tokenizer.json too.", error.Message);
    }

    private static ITextTokenizer Load(int maxTokens)
    {
        using var folder = new TemporaryModel().Write("tokenizer.json", TokenizerJson);
        File.WriteAllBytes(folder.At("sentencepiece.bpe.model"), Model());
        return TokenizerLoader.Load(folder.Folder, maxTokens);
    }

    private static byte[] Model() => Model(("<unk>", 0, Unknown), ("<s>", 0, Control), ("</s>", 0, Control));

    /// <summary>A SentencePiece file (sentencepiece_model.proto): pieces, a trainer that says "unigram", a normalizer that marks blanks.</summary>
    private static byte[] Model(params (string Text, float Score, int Type)[] special)
    {
        (string Text, float Score, int Type)[] pieces =
            [.. special, ("▁the", -1, Normal), ("▁cat", -2, Normal), ("▁", -3, Normal), ("s", -3, Normal), ("▁sat", -2, Normal)];
        int At(string piece) => Array.FindIndex(special, one => one.Text == piece);

        return Message(model =>
        {
            foreach (var (text, score, type) in pieces)
                Field(model, 1, Message(piece =>
                {
                    Field(piece, 1, System.Text.Encoding.UTF8.GetBytes(text));
                    piece.WriteTag(2, WireFormat.WireType.Fixed32);
                    piece.WriteFloat(score);
                    Number(piece, 3, type);
                }));
            Field(model, 2, Message(trainer =>
            {
                Number(trainer, 3, 1); // model_type: unigram
                Number(trainer, 40, At("<unk>"));
                Number(trainer, 41, At("<s>"));
                Number(trainer, 42, At("</s>"));
            }));
            Field(model, 3, Message(normalizer =>
            {
                Number(normalizer, 3, 1); // add_dummy_prefix
                Number(normalizer, 4, 1); // remove_extra_whitespaces
                Number(normalizer, 5, 1); // escape_whitespaces
            }));
        });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    private static void Field(CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    private static void Number(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }
}
