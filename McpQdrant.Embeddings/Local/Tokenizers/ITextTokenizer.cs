namespace McpQdrant.Embeddings.Local.Tokenizers;

/// <summary>Splits texts into a model's tokens.</summary>
internal interface ITextTokenizer
{
    /// <summary>Never more tokens than the model reads. What looks like a special token in the text (<c>[SEP]</c>) is text.</summary>
    TokenizedText Tokenize(string text);
}

/// <summary>A text as a model reads it.</summary>
/// <param name="Ids">The tokens that the model reads, special tokens included.</param>
/// <param name="Total">Tokens that the whole text has, special tokens included; null where it is too long to count them.</param>
internal sealed record TokenizedText(long[] Ids, int? Total)
{
    public bool IsCut => Total != Ids.Length;
}
