using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Keywords;

namespace McpQdrant.Core.Collections;

/// <summary>Makes the keywords anew that were written before scripts without blanks were indexed by pairs of characters, and notes that it was done.</summary>
public sealed class KeywordRewrite(IMemoryStore store, ITextMaintenance maintenance)
{
    /// <summary>Memories between two reports of progress.</summary>
    private const int BatchSize = 100;

    /// <param name="collection">As it was before.</param>
    /// <param name="notes">What the collection says of itself now.</param>
    /// <returns>How many memories got other keywords. Others have the same with and without pairs.</returns>
    public async Task<long> RunAsync(CollectionLayout collection, CollectionMetadata notes, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        if (notes.Keywords is not { HasPairs: false } keywords)
            return 0;

        var written = 0L;
        var texts = store.ReadAllAsync(collection, filter: null, withVectors: false, cancellationToken).Where(stored => KeywordText.HasPairs(stored.Memory.Text));
        await foreach (var memories in texts.Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            await maintenance.RewriteKeywordsAsync(collection with { Keywords = keywords }, [.. memories.Select(stored => stored.Memory)], cancellationToken);
            progress.Report(new BackfillProgress(written += memories.Length, written));
        }

        var marked = notes with { Keywords = keywords with { HasPairs = true } };
        await maintenance.WriteMetadataAsync(collection.Name, CollectionMetadata.Key, marked.ToJson(), cancellationToken);
        return written;
    }
}
