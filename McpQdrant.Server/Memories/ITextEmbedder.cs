namespace McpQdrant.Server.Memories;

/// <summary>Turns texts into what they are searched by.</summary>
internal interface ITextEmbedder
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
