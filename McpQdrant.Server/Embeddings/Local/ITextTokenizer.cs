namespace McpQdrant.Server.Embeddings.Local;

/// <summary>Splits texts into a model's tokens.</summary>
internal interface ITextTokenizer
{
    /// <summary>Never more tokens than the model reads. What looks like a special token in the text (<c>[SEP]</c>) is text.</summary>
    TokenizedText Tokenize(string text);
}
