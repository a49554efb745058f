using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;

namespace McpQdrant.Core.Ports;

/// <summary>Turns texts into what they are searched by.</summary>
public interface ITextEmbedder
{
    /// <summary>Which model this is; known once it has been loaded or asked.</summary>
    /// <exception cref="MemoryException">The model can't be used; the message says why.</exception>
    ValueTask<EmbeddingIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <exception cref="MemoryException">The model or its provider failed in a way that the caller can mend.</exception>
    ValueTask<TextEmbedding> EmbedDocumentAsync(string text, CancellationToken cancellationToken);

    /// <summary>Embeds many documents, in the order given: faster than one by one where the provider takes several at once.</summary>
    /// <inheritdoc cref="EmbedDocumentAsync"/>
    async ValueTask<IReadOnlyList<TextEmbedding>> EmbedDocumentsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var embeddings = new List<TextEmbedding>(texts.Count);
        foreach (var text in texts)
            embeddings.Add(await EmbedDocumentAsync(text, cancellationToken));
        return embeddings;
    }

    /// <inheritdoc cref="EmbedDocumentAsync"/>
    ValueTask<TextEmbedding> EmbedQueryAsync(string text, CancellationToken cancellationToken);
}

/// <summary>A text's vector, and how much of the text it stands for.</summary>
/// <param name="TokensRead">Tokens that went into the vector, special tokens included; null where the provider doesn't say.</param>
/// <param name="TokensTotal">
/// Tokens that the whole text has, more than <paramref name="TokensRead"/> where it was cut; null where the provider doesn't say, or
/// the text is so long that they were not counted.
/// </param>
public sealed record TextEmbedding(SemanticVector Vector, int? TokensRead, int? TokensTotal)
{
    /// <summary>Whether the end of the text is not part of the vector.</summary>
    public bool IsCut { get; init; } = TokensTotal > TokensRead;
}
