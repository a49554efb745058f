using Microsoft.ML.Tokenizers;

namespace McpQdrant.Embeddings.Local.Tokenizers;

/// <summary>The tokenizer of BERT and most of its descendants: words, then the longest known pieces of each.</summary>
/// <param name="first">The id of the token before a text, <c>[CLS]</c>.</param>
/// <param name="last">The id of the token after a text, <c>[SEP]</c>.</param>
/// <param name="maxTokens">Tokens that the model reads, those two included.</param>
internal sealed class WordPieceTextTokenizer(BertPreTokenizer words, WordPieceTokenizer pieces, int first, int last, int maxTokens) : ITextTokenizer
{
    // About 60,000 characters: to know how long a book is isn't worth the time.
    private const int MostCounted = 16_384;

    public TokenizedText Tokenize(string text)
    {
        var ids = new List<long>(Math.Min(maxTokens, text.Length + 2)) { first };
        var total = 2;
        foreach (var word in words.Split(text))
        {
            var found = pieces.EncodeToIds(word.Span, considerPreTokenization: false, considerNormalization: false);
            total += found.Count;
            for (var i = 0; i < found.Count && ids.Count < maxTokens - 1; i++)
                ids.Add(found[i]);

            if (total > Math.Max(MostCounted, maxTokens))
                return new TokenizedText([.. ids, last], Total: null);
        }
        return new TokenizedText([.. ids, last], total);
    }
}
