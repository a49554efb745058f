using Google.Protobuf;
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

    private static ITextTokenizer Load(int maxTokens)
    {
        using var folder = new TemporaryModel().Write("tokenizer.json", TokenizerJson);
        File.WriteAllBytes(folder.At("sentencepiece.bpe.model"), Model());
        return TokenizerLoader.Load(folder.Folder, maxTokens);
    }

    /// <summary>A SentencePiece file (sentencepiece_model.proto): pieces, a trainer that says "unigram", a normalizer that marks blanks.</summary>
    private static byte[] Model()
    {
        const int normal = 1, unknown = 2, control = 3;
        (string Text, float Score, int Type)[] pieces =
            [("<unk>", 0, unknown), ("<s>", 0, control), ("</s>", 0, control), ("▁the", -1, normal), ("▁cat", -2, normal), ("▁", -3, normal), ("s", -3, normal), ("▁sat", -2, normal)];

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
                Number(trainer, 40, 0);
                Number(trainer, 41, 1);
                Number(trainer, 42, 2);
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
