namespace McpQdrant.Server.Embeddings.Local;

/// <summary>How the vectors of a text's tokens become the text's vector.</summary>
internal enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The first token's alone, which stands for the whole text (<c>[CLS]</c>).</summary>
    FirstToken,
}
