namespace McpQdrant.Server.Embeddings.Local;

/// <summary>A text as a model reads it.</summary>
/// <param name="Ids">The tokens that the model reads, special tokens included.</param>
/// <param name="Total">Tokens that the whole text has, special tokens included; null where it is too long to count them.</param>
internal sealed record TokenizedText(long[] Ids, int? Total)
{
    public bool IsCut => Total != Ids.Length;
}
