using McpQdrant.Core.Access;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>Asks for a collection's memories in another one.</summary>
/// <param name="From">Names in the store, prefix included.</param>
/// <param name="To">The other one; it is made if need be.</param>
/// <param name="Progress">Hears how far it is.</param>
public sealed record CopyCollectionRequest(CollectionName From, CollectionName To, IProgress<BackfillProgress> Progress);

/// <summary>Writes a collection's memories into another one, with vectors of the configured model. The first is only read.</summary>
/// <remarks>What is there already is left as it is, so that an interrupted copy is resumed by another one, and a finished one is verified.</remarks>
public sealed class CopyCollection(
    UseCaseGuard guard, IMemoryStore store, EmbeddingModels models, CollectionCatalog catalog, CollectionDefaults defaults)
    : IUseCase<CopyCollectionRequest, string>
{
    /// <summary>Memories between two reports of progress.</summary>
    private const int BatchSize = 100;

    /// <summary>The first pass copies; the next ones look for what was written meanwhile, and end when they find nothing.</summary>
    private const int MaxPasses = 5;

    private static readonly Operation Operation = new("copy", Rights.Write | Rights.Administer);

    /// <inheritdoc/>
    /// <returns>A sentence that says what was done.</returns>
    /// <exception cref="MemoryException">There is no such collection, or the other one is of another model.</exception>
    public Task<string> HandleAsync(Caller caller, CopyCollectionRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.To, () => CopyAsync(request.From, request.To, request.Progress, cancellationToken), cancellationToken);

    private async Task<string> CopyAsync(CollectionName from, CollectionName to, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        if (from == to)
            throw new MemoryException($"'{from}' can't be written into itself. Give --to another name; the collection is made if need be.");

        var identity = await models.Default.IdentifyAsync(cancellationToken);
        var info = await store.DescribeAsync(from, cancellationToken) ?? throw new MemoryException(UpgradeCollection.Absent(from));
        var source = CollectionLayoutResolver.ResolveForReading(info, defaults.DocumentField, MemoryScope.Everything);
        var target = await catalog.GetOrCreateAsync(to, cancellationToken);
        if (target.Embedder != models.Default)
            throw new MemoryException(
                $"'{to}' was written with {target.Model.Model}, and memories are copied with vectors of the configured model, {identity.Model}. "
                + $"Give --to another name, or set EMBEDDING_MODEL to {target.Model.Model}.");

        var written = 0L;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var total = await store.CountAsync(source, filter: null, cancellationToken);
            var result = await PassAsync(source, target, new PassProgress(progress, total, isFirst: pass == 0), cancellationToken);
            written += result.Written;
            if (result.Written == 0)
                return Done(from, to, identity, result, written);
        }

        throw new MemoryException(
            $"'{from}' is written to faster than it can be copied; {written:N0} memories were, and stay. Run this again when there is less going on.");
    }

    private async Task<Pass> PassAsync(CollectionLayout source, UsableCollection target, PassProgress progress, CancellationToken cancellationToken)
    {
        var pass = new Pass(0, 0, 0);
        var batches = store.ReadAllAsync(source, filter: null, withVectors: false, cancellationToken).Chunk(BatchSize);
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            var there = await store.GetAsync(target.Layout, [.. batch.Select(one => one.Memory.Id)], cancellationToken);
            var copied = there.ToDictionary(memory => memory.Id);
            StoredMemory[] missing = [.. batch.Where(one => !(copied.TryGetValue(one.Memory.Id, out var copy) && (IsCopy(copy, one.Memory) || IsNewer(copy, one.Memory))))];
            await WriteAsync(target.Layout, copied, await EmbedAsync(target, missing, cancellationToken), cancellationToken);

            pass = new Pass(pass.Seen + batch.Length, pass.Written + missing.Length, pass.WithoutText + batch.Count(one => !HasText(one)));
            progress.Report(pass.Seen);
        }
        return pass;
    }

    /// <summary>Whoever is faster in the other collection knows better: the next pass looks at what is there then.</summary>
    private async Task WriteAsync(
        CollectionLayout target, Dictionary<MemoryId, Memory> copied, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        var byPresence = memories.ToLookup(memory => copied.ContainsKey(memory.Memory.Id));
        await store.InsertAsync(target, [.. byPresence[false]], cancellationToken);
        foreach (var memory in byPresence[true])
            await store.ReplaceAsync(target, memory, copied[memory.Memory.Id].Revision, cancellationToken);
    }

    /// <summary>A memory without text is kept as it is, without a place among the others.</summary>
    private static async Task<StoredMemory[]> EmbedAsync(UsableCollection target, StoredMemory[] memories, CancellationToken cancellationToken)
    {
        var worded = memories.Where(HasText).ToArray();
        var embeddings = await DocumentEmbedding.CreateAsync(target, [.. worded.Select(one => one.Memory.Text)], cancellationToken);
        return [.. worded.Zip(embeddings, (one, embedding) => embedding.Of(one.Memory) with { Others = one.Others }), .. memories.Where(one => !HasText(one))];
    }

    private static string Done(CollectionName from, CollectionName to, EmbeddingIdentity model, Pass pass, long written)
    {
        var all = pass.Seen == 0 ? $"'{from}' is empty, and so is what is copied of it" : $"All {UpgradeCollection.Counted(pass.Seen)} of '{from}' are in '{to}', embedded with {model.Model}";
        var news = written == 0 ? "all of them were before" : $"{written:N0} written now";
        var textless = pass.WithoutText == 0 ? "" : $" {pass.WithoutText:N0} have no text and are not found by meaning.";
        return $"{all} ({news}).{textless} '{from}' is as it was; let COLLECTION_NAME name the new one.";
    }

    private static bool HasText(StoredMemory stored) => !string.IsNullOrWhiteSpace(stored.Memory.Text);

    private static bool IsCopy(Memory copy, Memory memory) => copy.HasSameContent(memory.Text, memory.Metadata) && Time(copy) == Time(memory);

    /// <summary>Whoever changed the copy since, a server that uses the new collection for instance, knows better than the first one.</summary>
    private static bool IsNewer(Memory copy, Memory memory) => copy.StoredAt is { } changed && !(memory.StoredAt >= changed);

    private static string? Time(Memory memory) => memory.StoredAt is { } time ? Rfc3339.Write(time) : null;

    private readonly record struct Pass(long Seen, long Written, long WithoutText);

    /// <summary>Later passes only verify, which is nothing to wait for.</summary>
    private sealed class PassProgress(IProgress<BackfillProgress> progress, long total, bool isFirst)
    {
        public void Report(long seen)
        {
            if (isFirst)
                progress.Report(new BackfillProgress(seen, Math.Max(seen, total)));
        }
    }
}
