using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Passages;

namespace McpQdrant.Core.Memories;

/// <summary>What a text is searched by: its own vector and, where the model doesn't read it whole, those of its passages.</summary>
/// <param name="Whole">The vector of the text, or of its beginning.</param>
/// <param name="Passages">Empty where the model reads the text whole, and where the collection has no room for passages.</param>
internal sealed record DocumentEmbedding(TextEmbedding Whole, IReadOnlyList<SemanticVector> Passages)
{
    public static async Task<DocumentEmbedding> CreateAsync(UsableCollection collection, string text, CancellationToken cancellationToken)
    {
        var whole = await collection.Embedder.EmbedDocumentAsync(text, cancellationToken);
        return new DocumentEmbedding(whole, await EmbedPassagesAsync(collection, text, whole, cancellationToken));
    }

    /// <summary>Embeds many texts, in the order given.</summary>
    public static async Task<IReadOnlyList<DocumentEmbedding>> CreateAsync(UsableCollection collection, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var wholes = await collection.Embedder.EmbedDocumentsAsync(texts, cancellationToken);
        var embeddings = new List<DocumentEmbedding>(texts.Count);
        for (var i = 0; i < texts.Count; i++)
            embeddings.Add(new DocumentEmbedding(wholes[i], await EmbedPassagesAsync(collection, texts[i], wholes[i], cancellationToken)));
        return embeddings;
    }

    public StoredMemory Of(Memory memory) => new(memory, Whole.Vector) { Passages = Passages };

    private static async Task<IReadOnlyList<SemanticVector>> EmbedPassagesAsync(
        UsableCollection collection, string text, TextEmbedding whole, CancellationToken cancellationToken)
    {
        if (collection.Layout.PassageVectorName is null || !whole.IsCut)
            return [];

        var passages = PassageCutter.ForModel(text, PassageCutter.Cut(text));
        return [.. (await collection.Embedder.EmbedDocumentsAsync(passages, cancellationToken)).Select(passage => passage.Vector)];
    }
}
