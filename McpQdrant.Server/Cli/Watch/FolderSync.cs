using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Watch;

/// <summary>Makes a collection have what a folder holds: by an import and a forgetting, so that the log of changes has what was there before.</summary>
/// <param name="collection">As callers know it, and by its name in the store.</param>
/// <param name="name">What the folder is called in metadata.</param>
internal sealed class FolderSync(
    ListCollections list, ReadCollections read, ImportMemories import, ForgetMemories forget, (CollectionName Asked, CollectionName InStore) collection, string name, IProgress<BackfillProgress> progress)
{
    /// <returns>What was done, and what the import skipped.</returns>
    /// <exception cref="MemoryException">The store or the model doesn't work, or all notes have gone at once.</exception>
    public async Task<(FolderChanges Changes, IReadOnlyList<ImportEntry.Unreadable> Skipped)> RunAsync(FolderContent folder, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(cancellationToken);
        var changes = FolderChanges.Between(folder, stored);
        if (folder.Notes.Count == 0 && changes.Gone.Count > 1)
            throw new MemoryException(
                $"The folder has no notes any more, as where a disk isn't mounted, so its {changes.Gone.Count:N0} memories stay. If they are to go: " +
                $$$"""mcp-server-qdrant forget --collection {{{collection.Asked}}} --filter '{"must": [{"key": "metadata.{{{WatchedNote.FolderField}}}", "match": {"value": "{{{name}}}"}}]}'""");

        var skipped = changes.New.Count + changes.Changed.Count + changes.Moved.Count == 0 ? [] : await ImportAsync(changes, stored, cancellationToken);
        if (changes.Gone.Count > 0)
            await forget.HandleAsync(Caller.Local, new ForgetMemoriesRequest(collection.Asked, [.. changes.Gone.Select(gone => gone.Memory.Id!.Value)]), cancellationToken);
        return (changes, skipped);
    }

    private async Task<IReadOnlyList<ImportedMemory>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!(await list.HandleAsync(Caller.Local, new ListCollectionsRequest(), cancellationToken)).Any(entry => entry.Name == collection.Asked))
            return [];

        var filter = new Filter { Must = [Condition.Match($"metadata.{WatchedNote.FolderField}", name)] };
        var found = await read.HandleAsync(Caller.Local, new ReadCollectionsRequest([collection.InStore]) { Filter = filter, WithVectors = false }, cancellationToken);
        var memories = new List<ImportedMemory>();
        await foreach (var entry in found.Entries.WithCancellation(cancellationToken))
        {
            if (entry is ImportEntry.Item { Memory: var memory })
                memories.Add(memory);
        }
        return memories;
    }

    private async Task<IReadOnlyList<ImportEntry.Unreadable>> ImportAsync(FolderChanges changes, IReadOnlyList<ImportedMemory> stored, CancellationToken cancellationToken)
    {
        var taken = stored.Select(memory => memory.Id!.Value).ToHashSet();
        IEnumerable<ImportEntry> entries =
        [
            .. changes.New.Select(note => new ImportEntry.Item(note.Key.Path, note.Memory with { Id = FreeId(note, taken) })),
            .. changes.Changed.Select(change => new ImportEntry.Item(change.Note.Key.Path, change.Note.Under(change.Memory))),
            .. changes.Moved.Select(move => new ImportEntry.Item(move.Note.Key.Path, move.Note.Under(move.Memory))),
        ];
        var request = new ImportMemoriesRequest(entries.ToAsyncEnumerable(), progress) { Collection = collection.InStore, OnConflict = ImportConflict.Replace };
        return (await import.HandleAsync(Caller.Local, request, cancellationToken)).FirstSkipped;
    }

    /// <summary>That of text and metadata, as of any text that is stored, so that two watches store a note once; unless an older note of the same words has it, which was moved since.</summary>
    private static MemoryId FreeId(WatchedNote note, HashSet<MemoryId> taken)
    {
        var id = MemoryId.Of(note.Memory.Text, note.Memory.Metadata);
        return taken.Contains(id) ? MemoryId.Of($"{note.Memory.Text}\n{Guid.NewGuid()}", note.Memory.Metadata) : id;
    }
}
