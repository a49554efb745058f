using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>Makes the passages of long texts that were stored without: before there were any, or by a program that knows nothing of them.</summary>
public sealed class PassageBackfill(ITextMaintenance store)
{
    /// <summary>Texts between two reports of progress.</summary>
    private const int BatchSize = 20;

    /// <summary>No model reads less, in UTF-16 units; whether it reads longer texts whole is known when it has embedded them.</summary>
    private const int ReadWhole = 200;

    /// <param name="collection">With passages.</param>
    /// <returns>How many memories were given passages.</returns>
    public async Task<long> RunAsync(UsableCollection collection, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var (seen, filled) = (0L, 0L);
        var texts = store.ReadWithoutPassagesAsync(collection.Layout, cancellationToken).Where(memory => memory.Text.Length >= ReadWhole);
        await foreach (var memories in texts.Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            var embeddings = await DocumentEmbedding.CreateAsync(collection, [.. memories.Select(memory => memory.Text)], cancellationToken);
            StoredMemory[] cut = [.. memories.Zip(embeddings, (memory, embedding) => embedding.Of(memory)).Where(memory => memory.Passages.Count > 0)];
            await store.FillPassagesAsync(collection.Layout, cut, cancellationToken);
            filled += cut.Length;
            progress.Report(new BackfillProgress(seen += memories.Length, seen));
        }

        return filled;
    }
}
