using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Transfer;

/// <summary>Stores batches of memories, each as what is there demands, and counts what became of them. Several batches may be stored at once.</summary>
/// <param name="begin">Makes the change by which the log has what a batch replaces; a batch has an id once, as a change must.</param>
internal sealed class ImportBatches(
    IMemoryStore store, CollectionCatalog catalog, MemoryScope scope, Func<ChangeOrigin?> begin, ImportMemoriesRequest request)
{
    /// <summary>More reasons than these would be read by nobody.</summary>
    private const int MaxShown = 100;

    /// <summary>No model reads less, in UTF-16 units, so that shorter texts have no passages.</summary>
    private const int ReadWhole = 200;

    private readonly Lock _counting = new();
    private readonly List<ImportEntry.Unreadable> _firstSkipped = [];
    private long _stored;
    private long _replaced;
    private long _present;
    private long _kept;
    private long _skipped;
    private long _expired;
    private volatile bool _hasEmbedded;

    public void Skip(ImportEntry.Unreadable entry)
    {
        lock (_counting)
        {
            _skipped++;
            if (_firstSkipped.Count < MaxShown)
                _firstSkipped.Add(entry);
        }
    }

    /// <summary>Leaves out a memory that has expired: nobody would find it.</summary>
    public void LeaveOutExpired() => Interlocked.Increment(ref _expired);

    public ImportMemoriesResult Result(IReadOnlyList<CollectionName> collections, long missing) => new()
    {
        Collections = collections,
        Stored = _stored,
        Replaced = _replaced,
        Present = _present,
        Kept = _kept,
        Skipped = _skipped,
        Expired = _expired,
        FirstSkipped = _firstSkipped,
        Missing = missing,
        IsDryRun = request.IsDryRun,
    };

    public async Task StoreAsync(IReadOnlyList<ImportItem> items, CancellationToken cancellationToken)
    {
        foreach (var group in items.GroupBy(item => item.Target))
        {
            if (request.IsDryRun)
                await CompareAsync(group.Key, [.. group], cancellationToken);
            else
                await StoreAsync(group.Key, [.. group], cancellationToken);
        }
    }

    /// <summary>Says what would be done.</summary>
    private async Task CompareAsync(CollectionName target, IReadOnlyList<ImportItem> items, CancellationToken cancellationToken)
    {
        var there = await catalog.UseAsync(target, scope, used => store.GetAsync(used.Layout, Ids(items), cancellationToken), absent: [], cancellationToken);
        var plan = Plan(items, there);
        Count(plan);
        Interlocked.Add(ref _stored, plan.Inserts.Count);
        Interlocked.Add(ref _replaced, plan.Replaces.Count);
    }

    private async Task StoreAsync(CollectionName target, IReadOnlyList<ImportItem> items, CancellationToken cancellationToken)
    {
        var attempts = new ChangeAttempts();
        for (var pending = items; pending.Count > 0;)
        {
            var batch = pending;
            pending = await catalog.UseOrCreateAsync(target, scope, used => StoreOnceAsync(used, batch, cancellationToken), cancellationToken);
            if (pending.Count > 0)
                await attempts.NextAsync(pending[0].Stored.Memory.Id, target, cancellationToken);
        }
    }

    /// <returns>Those that others changed in this moment: what is to become of them must be decided again.</returns>
    private async Task<IReadOnlyList<ImportItem>> StoreOnceAsync(UsableCollection collection, IReadOnlyList<ImportItem> items, CancellationToken cancellationToken)
    {
        var layout = collection.Layout;
        var there = await store.GetAsync(layout, Ids(items), cancellationToken);
        var plan = Plan(items, there);
        var again = new List<ImportItem>();
        again.AddRange(await InsertAsync(layout, await EmbedAsync(collection, plan.Inserts, cancellationToken), cancellationToken));
        var origin = plan.Replaces.Count > 0 ? begin() : null;
        foreach (var item in await EmbedAsync(collection, plan.Replaces, cancellationToken))
        {
            var revision = there.First(memory => memory.Id == item.Stored.Memory.Id).Revision;
            var isReplaced = await TryAsync(item, () => store.ReplaceAsync(layout, item.Stored, revision, origin, cancellationToken));
            if (isReplaced == true)
                Interlocked.Increment(ref _replaced);
            else if (isReplaced == false)
                again.Add(item);
        }

        Count(plan);
        return again;
    }

    private async Task<IReadOnlyList<ImportItem>> InsertAsync(CollectionLayout layout, IReadOnlyList<ImportItem> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
            return [];

        var inserted = new HashSet<MemoryId>();
        var refused = new HashSet<MemoryId>();
        try
        {
            inserted.UnionWith(await store.InsertAsync(layout, [.. items.Select(item => item.Stored)], cancellationToken));
        }
        catch (MemoryException failure) when (IsOfOneMemory(failure))
        {
            // One of them can't be stored; the others can.
            foreach (var item in items)
            {
                var isInserted = await TryAsync(item, async () => (await store.InsertAsync(layout, [item.Stored], cancellationToken)).Count > 0);
                if (isInserted == true)
                    inserted.Add(item.Stored.Memory.Id);
                else if (isInserted is null)
                    refused.Add(item.Stored.Memory.Id);
            }
        }

        Interlocked.Add(ref _stored, inserted.Count);
        if (scope.IsPinned && inserted.Count + refused.Count < items.Count)
            refused.UnionWith(await SkipTakenAsync(layout, [.. items.Where(item => !inserted.Contains(item.Stored.Memory.Id) && !refused.Contains(item.Stored.Memory.Id))], cancellationToken));
        return [.. items.Where(item => !inserted.Contains(item.Stored.Memory.Id) && !refused.Contains(item.Stored.Memory.Id))];
    }

    /// <summary>Skips what can't be stored since a memory of another scope has its id.</summary>
    private async Task<IEnumerable<MemoryId>> SkipTakenAsync(CollectionLayout layout, IReadOnlyList<ImportItem> items, CancellationToken cancellationToken)
    {
        var seen = (await store.GetAsync(layout, Ids(items), cancellationToken)).Select(memory => memory.Id).ToHashSet();
        var taken = items.Where(item => !seen.Contains(item.Stored.Memory.Id)).ToList();
        taken.ForEach(item => Skip(new ImportEntry.Unreadable(item.Place, "its id is taken by a memory that doesn't belong to those that you work with")));
        return taken.Select(item => item.Stored.Memory.Id);
    }

    /// <summary>A memory without text is kept as it is, without a place among the others.</summary>
    private async Task<IReadOnlyList<ImportItem>> EmbedAsync(UsableCollection collection, IReadOnlyList<ImportItem> items, CancellationToken cancellationToken)
    {
        var missing = items.Where(item => !string.IsNullOrWhiteSpace(item.Stored.Memory.Text) && NeedsEmbedding(collection, item)).ToArray();
        var finished = items.Except(missing).Select(item => item.HasVectorOf(collection.Model) ? item : item with { Stored = item.Stored with { Vector = null } }).ToList();
        try
        {
            finished.AddRange(await EmbedAllAsync(collection, missing, cancellationToken));
        }
        catch (MemoryException failure) when (IsOfOneMemory(failure) && _hasEmbedded)
        {
            foreach (var item in missing)
            {
                await TryAsync(item, async () =>
                {
                    finished.AddRange(await EmbedAllAsync(collection, [item], cancellationToken));
                    return true;
                });
            }
        }
        return finished;
    }

    private async Task<IReadOnlyList<ImportItem>> EmbedAllAsync(UsableCollection collection, ImportItem[] items, CancellationToken cancellationToken)
    {
        if (items.Length == 0)
            return [];

        var embeddings = await DocumentEmbedding.CreateAsync(collection, [.. items.Select(item => item.Stored.Memory.Text)], cancellationToken);
        _hasEmbedded = true;
        return [.. items.Zip(embeddings, (item, embedding) => item with { Stored = embedding.Of(item.Stored.Memory) with { Others = item.Stored.Others } })];
    }

    /// <summary>A vector is of use where the collection's model made it; else, and for long texts, which have passages too, it is made anew.</summary>
    private static bool NeedsEmbedding(UsableCollection collection, ImportItem item) =>
        !item.HasVectorOf(collection.Model) || collection.Layout.PassageVectorName is not null && item.Stored.Memory.Text.Length >= ReadWhole;

    private ImportPlan Plan(IReadOnlyList<ImportItem> items, IReadOnlyList<Memory> there)
    {
        var known = there.ToDictionary(memory => memory.Id);
        var plan = new ImportPlan();
        foreach (var item in items)
        {
            if (!known.TryGetValue(item.Stored.Memory.Id, out var old))
                plan.Inserts.Add(item);
            else if (IsReplaced(old, item.Stored.Memory))
                plan.Replaces.Add(item);
            else if (old.HasSameContent(item.Stored.Memory.Text, item.Stored.Memory.Metadata))
                plan.Present++;
            else
                plan.Kept++;
        }
        return plan;
    }

    private void Count(ImportPlan plan)
    {
        Interlocked.Add(ref _present, plan.Present);
        Interlocked.Add(ref _kept, plan.Kept);
    }

    private bool IsReplaced(Memory old, Memory imported)
    {
        if (old.HasSameContent(imported.Text, imported.Metadata) && old.StoredAt == imported.StoredAt && old.ChangedAt == imported.ChangedAt && old.ExpiresAt == imported.ExpiresAt)
            return false;

        return request.OnConflict switch
        {
            ImportConflict.Replace => true,
            ImportConflict.Newer => imported.StoredAt is { } time && !(old.StoredAt >= time),
            _ => false,
        };
    }

    /// <returns>Null where the memory can't be stored; then it is counted among those that were skipped.</returns>
    private async Task<bool?> TryAsync(ImportItem item, Func<Task<bool>> work)
    {
        try
        {
            return await work();
        }
        catch (MemoryException failure) when (IsOfOneMemory(failure))
        {
            Skip(new ImportEntry.Unreadable(item.Place, failure.Message));
            return null;
        }
    }

    private static bool IsOfOneMemory(MemoryException failure) => !failure.IsOutage && failure is not StaleCollectionException;

    private static MemoryId[] Ids(IReadOnlyList<ImportItem> items) => [.. items.Select(item => item.Stored.Memory.Id)];

    /// <summary>What is to be done with a batch, given what is there.</summary>
    private sealed class ImportPlan
    {
        public List<ImportItem> Inserts { get; } = [];

        public List<ImportItem> Replaces { get; } = [];

        /// <summary>How many are there already, the same.</summary>
        public int Present { get; set; }

        /// <summary>How many ids are taken by another content, which stays.</summary>
        public int Kept { get; set; }
    }
}
