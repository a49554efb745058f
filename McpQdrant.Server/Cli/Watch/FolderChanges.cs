using McpQdrant.Core.Transfer;

namespace McpQdrant.Server.Cli.Watch;

/// <summary>What is to be done so that a collection has what a folder holds.</summary>
/// <param name="New">Notes that no memory is of.</param>
/// <param name="Changed">Notes that were written anew, with the memory of each.</param>
/// <param name="Moved">Notes whose file or heading has another name.</param>
/// <param name="Gone">Memories whose notes aren't there any more.</param>
internal sealed record FolderChanges(
    IReadOnlyList<WatchedNote> New,
    IReadOnlyList<(WatchedNote Note, ImportedMemory Memory)> Changed,
    IReadOnlyList<(WatchedNote Note, ImportedMemory Memory, string From)> Moved,
    IReadOnlyList<(ImportedMemory Memory, string Path)> Gone)
{
    public bool IsEmpty => New.Count + Changed.Count + Moved.Count + Gone.Count == 0;

    /// <param name="stored">The memories that an earlier look at this folder made.</param>
    public static FolderChanges Between(FolderContent folder, IEnumerable<ImportedMemory> stored)
    {
        var known = new Dictionary<NoteKey, (ImportedMemory Memory, string Hash)>();
        var surplus = new List<(ImportedMemory, string)>();
        foreach (var memory in stored)
        {
            // Two watches at the same moment may have stored a note twice.
            if (WatchedNote.Origin(memory.Metadata) is var (key, hash) && !known.TryAdd(key, (memory, hash)))
                surplus.Add((memory, key.Path));
        }

        var fresh = new List<WatchedNote>();
        var changed = new List<(WatchedNote, ImportedMemory)>();
        foreach (var note in folder.Notes)
        {
            if (!known.Remove(note.Key, out var memory))
                fresh.Add(note);
            else if (memory.Hash != note.Hash)
                changed.Add((note, memory.Memory));
        }

        // Of a file that can't be read at the moment nobody knows what it holds.
        var missing = known.Where(one => !folder.Unreadable.ContainsKey(one.Key.Path)).OrderBy(one => one.Key.Path, StringComparer.Ordinal).ToList();
        var moved = new List<(WatchedNote, ImportedMemory, string)>();
        foreach (var note in fresh.ToList())
        {
            if (missing.FindIndex(one => one.Value.Hash == note.Hash) is >= 0 and var at)
            {
                moved.Add((note, missing[at].Value.Memory, missing[at].Key.Path));
                missing.RemoveAt(at);
                fresh.Remove(note);
            }
        }
        return new FolderChanges(fresh, changed, moved, [.. missing.Select(one => (one.Value.Memory, one.Key.Path)), .. surplus]);
    }
}
