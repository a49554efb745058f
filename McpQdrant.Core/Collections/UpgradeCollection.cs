using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>Asks for a collection to be made searchable by words and by passages too.</summary>
/// <param name="Name">Its name in the store, prefix included.</param>
/// <param name="Progress">Hears how far it is.</param>
public sealed record UpgradeCollectionRequest(CollectionName Name, IProgress<BackfillProgress> Progress);

/// <summary>Makes a collection that is there searchable by words and by the passages of long texts too, in place.</summary>
/// <param name="maintenance">Null where every collection of the store has room for both.</param>
/// <remarks>Each step looks at what is there first, so that an interrupted upgrade is resumed by another one.</remarks>
public sealed class UpgradeCollection(
    UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog, CollectionDefaults defaults, PassageBackfill passages, KeywordRewrite keywords,
    ICollectionMaintenance? maintenance = null)
    : IUseCase<UpgradeCollectionRequest, string>
{
    /// <summary>Memories between two reports of progress.</summary>
    private const int BatchSize = 100;

    /// <summary>Programs that know nothing of keywords may write meanwhile; what they wrote is caught up with this often.</summary>
    private const int MaxRounds = 3;

    private static readonly Operation Operation = new("upgrade", Rights.Write | Rights.Administer);

    /// <inheritdoc/>
    /// <returns>A sentence that says what was done.</returns>
    /// <exception cref="MemoryException">There is no such collection, it isn't of a model that this server has, or the server is too old.</exception>
    public Task<string> HandleAsync(Caller caller, UpgradeCollectionRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Name, () => UpgradeAsync(request.Name, request.Progress, cancellationToken), cancellationToken);

    private async Task<string> UpgradeAsync(CollectionName name, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var info = await store.DescribeAsync(name, cancellationToken) ?? throw new MemoryException(Absent(name));
        var collection = await catalog.ResolveAsync(info, cancellationToken);
        var layout = collection.Layout;
        if (maintenance is null)
        {
            var worded = await keywords.RunAsync(layout, NotesOf(info, collection.Model) with { Keywords = layout.Keywords }, progress, cancellationToken);
            var added = await passages.RunAsync(collection, progress, cancellationToken);
            return (worded, added) == (0, 0)
                ? $"Nothing to do: every collection of the embedded store is searched by meaning and by words, '{name}' too, and its long memories by their passages."
                : $"{Counted(added)} of '{name}' can be searched by passages now.{Rewritten(worded)}";
        }

        var (hybrid, notes) = await AddKeywordsAsync(maintenance, info, layout, collection.Model, cancellationToken);
        var filled = await FillAsync(maintenance, hybrid, progress, cancellationToken);
        var rewritten = await keywords.RunAsync(hybrid, notes, progress, cancellationToken);
        var byPassages = await AddPassagesAsync(maintenance, info, collection with { Layout = hybrid }, progress, cancellationToken);
        var total = await store.CountAsync(hybrid, filter: null, cancellationToken);
        return $"All {Counted(total)} of '{name}' can be searched by words ({(filled == 0 ? "all of them could before" : $"{filled:N0} filled now")}).{Rewritten(rewritten)} {byPassages} " +
            "Servers that are running learn of it when they are restarted; what they store until then lacks its words, so run this once more afterwards.";
    }

    public static string Absent(CollectionName name) => $"There is no collection '{name}'. Check the name: it is the one in the store, prefix included.";

    private static string Rewritten(long memories) =>
        memories == 0 ? "" : $" The words of {Counted(memories)} in Chinese, Japanese, Korean, Thai and the like were indexed anew, by pairs of characters.";

    private static CollectionMetadata NotesOf(CollectionInfo info, EmbeddingIdentity identity) =>
        CollectionMetadata.Read(info.Metadata) ?? new CollectionMetadata(identity, Keywords: null);

    public static string Counted(long memories) => memories == 1 ? "1 memory" : $"{memories:N0} memories";

    /// <summary>Says how words are counted before any are, so that every writer reads it; then adds the vector.</summary>
    private async Task<(CollectionLayout Layout, CollectionMetadata Notes)> AddKeywordsAsync(
        ICollectionMaintenance server, CollectionInfo info, CollectionLayout layout, EmbeddingIdentity identity, CancellationToken cancellationToken)
    {
        if (info.Vectors.Any(vector => vector.Name == CollectionLayout.KeywordVectorName))
            throw new MemoryException(
                $"Collection '{info.Name}' has a dense vector named '{CollectionLayout.KeywordVectorName}', the name that keywords need. Copy it with reembed --to another collection.");
        if (layout.Keywords is null)
            await server.RequireAddingVectorsAsync(cancellationToken);

        var notes = NotesOf(info, identity);
        var isNoted = notes.Keywords is not null;
        notes = notes with { Keywords = notes.Keywords ?? layout.Keywords ?? defaults.Keywords };
        if (!isNoted)
            await server.WriteMetadataAsync(info.Name, CollectionMetadata.Key, notes.ToJson(), cancellationToken);
        if (layout.Keywords is null)
            await server.AddSparseVectorAsync(info.Name, CollectionLayout.KeywordVectorName, cancellationToken);
        return (layout with { Keywords = notes.Keywords }, notes);
    }

    /// <returns>A sentence that says what was done. A server that is too old for it keeps the collection as it is otherwise.</returns>
    private async Task<string> AddPassagesAsync(
        ICollectionMaintenance server, CollectionInfo info, UsableCollection collection, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var (layout, model, _) = collection;
        if (layout.PassageVectorName is null)
        {
            if (layout.Distance != Distance.Cosine || layout.VectorName.Length == 0)
                return "Its long memories are searched by their beginnings: passages need a named vector that is compared by cosine.";
            try
            {
                await server.RequireAddingVectorsAsync(cancellationToken);
            }
            catch (MemoryException tooOld)
            {
                return $"Its long memories are searched by their beginnings only: {tooOld.Message}";
            }
            await server.AddDenseVectorAsync(info.Name, new VectorInfo(model.PassageVectorName, model.Dimensions, Distance.Cosine, IsMultivector: true), cancellationToken);
        }

        var added = await passages.RunAsync(collection with { Layout = layout with { PassageVectorName = model.PassageVectorName } }, progress, cancellationToken);
        return added == 0 ? "No long memory lacks its passages." : $"{Counted(added)} can be searched by passages now.";
    }

    /// <returns>How many were filled.</returns>
    private static async Task<long> FillAsync(
        ICollectionMaintenance server, CollectionLayout layout, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var filled = 0L;
        var lacking = await server.CountMissingAsync(layout, CollectionLayout.KeywordVectorName, cancellationToken);
        for (var round = 0; lacking > 0 && round < MaxRounds; round++)
        {
            progress.Report(new BackfillProgress(filled, filled + lacking));
            var total = filled + lacking;
            await foreach (var memories in server.ReadMissingAsync(layout, CollectionLayout.KeywordVectorName, cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
            {
                await server.FillKeywordsAsync(layout, memories, cancellationToken);
                filled += memories.Length;
                progress.Report(new BackfillProgress(filled, Math.Max(filled, total)));
            }
            lacking = await server.CountMissingAsync(layout, CollectionLayout.KeywordVectorName, cancellationToken);
        }

        return lacking == 0 ? filled : throw new MemoryException(
            $"{Counted(lacking)} of '{layout.Name}' still lack their words: a program that knows nothing of them goes on writing. They are found by meaning; run this again.");
    }
}

/// <summary>How far the filling of a collection has come.</summary>
/// <param name="Done">Memories dealt with, those included that need nothing.</param>
/// <param name="Total">Memories to deal with, as counted at the start.</param>
public readonly record struct BackfillProgress(long Done, long Total);

/// <summary>Progress that nobody watches.</summary>
public sealed class UnwatchedProgress : IProgress<BackfillProgress>
{
    public static UnwatchedProgress Instance { get; } = new();

    public void Report(BackfillProgress value)
    {
    }
}
