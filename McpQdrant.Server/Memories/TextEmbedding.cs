namespace McpQdrant.Server.Memories;

/// <summary>A text's vector, and how much of the text it stands for.</summary>
/// <param name="TokensRead">Tokens that went into the vector, special tokens included; null where the provider doesn't say.</param>
/// <param name="TokensTotal">
/// Tokens that the whole text has, more than <paramref name="TokensRead"/> where it was cut; null where the provider doesn't say, or
/// the text is so long that they were not counted.
/// </param>
internal sealed record TextEmbedding(SemanticVector Vector, int? TokensRead, int? TokensTotal)
{
    /// <summary>Whether the end of the text is not part of the vector.</summary>
    public bool IsCut { get; init; } = TokensTotal > TokensRead;
}
