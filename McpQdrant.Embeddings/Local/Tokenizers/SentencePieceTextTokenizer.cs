using Microsoft.ML.Tokenizers;

namespace McpQdrant.Embeddings.Local.Tokenizers;

/// <summary>The tokenizer of XLM-RoBERTa and the multilingual models made from it: a unigram model over the text with its blanks.</summary>
/// <param name="ids">The model's id of each piece, by the piece's own id.</param>
/// <param name="unknown">The model's id of what no piece covers.</param>
/// <param name="first">The id of the token before a text.</param>
/// <param name="last">The id of the token after a text.</param>
/// <param name="maxTokens">Tokens that the model reads, those two included.</param>
internal sealed class SentencePieceTextTokenizer(SentencePieceTokenizer pieces, int[] ids, int unknown, int first, int last, int maxTokens) : ITextTokenizer
{
    // The best split is sought over the whole text at once. No piece is longer than 16 characters or so, hence this is far beyond what is read.
    private const int MostCharacters = 65_536;

    public TokenizedText Tokenize(string text)
    {
        var isWhole = text.Length <= MostCharacters;
        var found = new List<long> { first };
        foreach (var token in pieces.EncodeToTokens(isWhole ? text : Start(text), out _, addBeginningOfSentence: false, addEndOfSentence: false))
        {
            var id = token.Id == pieces.UnknownId ? unknown : ids[token.Id];
            // Neighbouring unknown characters are one token, as in the reference.
            if (id != unknown || found[^1] != unknown)
                found.Add(id);
        }

        var total = found.Count + 1;
        var read = found.Take(maxTokens - 1).Append(last);
        return new TokenizedText([.. read], isWhole ? total : null);
    }

    private static string Start(string text) => text[..(char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)];
}
