using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Ports;

/// <summary>Copies all that a store has into files, and puts such files in its place. Callers may go on storing while it is copied.</summary>
public interface IStoreBackup
{
    /// <summary>What kind of store this is, for instance <c>sqlite</c>. A backup can be restored by the kind that made it.</summary>
    string Kind { get; }

    /// <summary>The version that the copies are of: that of the file's format, or of the server.</summary>
    Task<string> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>Writes files into a folder, readable for their owner only, and checks what it wrote. All that was stored before this call is in them.</summary>
    /// <returns>The files, with what is in them.</returns>
    /// <exception cref="MemoryException">The store can't be copied; the message says why.</exception>
    Task<IReadOnlyList<CopiedFile>> CopyAsync(string folder, IProgress<BackfillProgress> progress, CancellationToken cancellationToken);

    /// <summary>Says what a restore would take the place of.</summary>
    /// <returns>Words for a sentence, for instance <c>'notes' (3 memories)</c>; empty where nothing is in the way.</returns>
    Task<IReadOnlyList<string>> FindReplacedAsync(BackupManifest manifest, CancellationToken cancellationToken);

    /// <summary>Puts the files of a backup, whose checksums were compared, in the place of what is there.</summary>
    /// <exception cref="MemoryException">It can't be restored; the message says why, and what is there now.</exception>
    Task RestoreAsync(string folder, BackupManifest manifest, IProgress<BackfillProgress> progress, CancellationToken cancellationToken);
}

/// <summary>A file that a store wrote.</summary>
/// <param name="Name">Within the folder.</param>
public sealed record CopiedFile(string Name, IReadOnlyList<CopiedCollection> Collections);

/// <summary>A collection in a file of a backup.</summary>
/// <param name="Memories">How many memories it has.</param>
/// <param name="Model">The model whose vectors it has; null where that isn't written down.</param>
public sealed record CopiedCollection(CollectionName Name, long Memories, string? Model);
