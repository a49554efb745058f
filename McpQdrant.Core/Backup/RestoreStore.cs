using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Backup;

/// <summary>Asks for a backup to be put into the store.</summary>
/// <param name="Folder">A backup's own folder, or one of backups, of which the newest is meant.</param>
/// <param name="Progress">Hears how far it is.</param>
public sealed record RestoreStoreRequest(string Folder, IProgress<BackfillProgress> Progress)
{
    /// <summary>Whether what is there may be lost.</summary>
    public bool MayReplace { get; init; }
}

/// <summary>What was restored.</summary>
/// <param name="Folder">The backup's own folder.</param>
/// <param name="Replaced">What it took the place of, in words.</param>
public sealed record RestoreStoreResult(string Folder, BackupManifest Manifest, IReadOnlyList<string> Replaced) : IChange
{
    public IReadOnlyList<MemoryId> Touched => [];

    public string? Outcome => $"restored the backup of {Path.GetFileName(Folder)}";
}

/// <summary>Puts a backup into the store, after it was found to be whole.</summary>
public sealed class RestoreStore(UseCaseGuard guard, IStoreBackup store) : IUseCase<RestoreStoreRequest, RestoreStoreResult>
{
    private static readonly Operation Operation = new("restore", Rights.Write | Rights.Administer);

    /// <inheritdoc/>
    /// <exception cref="MemoryException">There is no backup, it is damaged, it is of another kind of store, or it would replace something that it may not.</exception>
    public Task<RestoreStoreResult> HandleAsync(Caller caller, RestoreStoreRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, inStore: null, () => RestoreAsync(request, cancellationToken), cancellationToken);

    private async Task<RestoreStoreResult> RestoreAsync(RestoreStoreRequest request, CancellationToken cancellationToken)
    {
        var folder = BackupFolder.Find(Path.GetFullPath(request.Folder));
        var manifest = await ReadAsync(folder, cancellationToken);
        if (manifest.Store != store.Kind)
            throw new MemoryException(
                $"The backup is of a store of the kind '{manifest.Store}', and the settings name one of the kind '{store.Kind}'. " +
                "Restore it where it came from, then take the memories over with `export` and `import`.");

        var replaced = await store.FindReplacedAsync(manifest, cancellationToken);
        if (replaced.Count > 0 && !request.MayReplace)
            throw new MemoryException($"Nothing was restored: it would take the place of {string.Join(", ", replaced)}. Give --replace to lose what is there now.");

        await store.RestoreAsync(folder, manifest, request.Progress, cancellationToken);
        return new RestoreStoreResult(folder, manifest, replaced);
    }

    /// <summary>Reads the manifest, and every file to its end.</summary>
    private static async Task<BackupManifest> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var path = Path.Combine(folder, BackupManifest.FileName);
            var manifest = BackupManifest.Read(await File.ReadAllBytesAsync(path, cancellationToken), path);
            foreach (var file in manifest.Files)
                await CheckAsync(Path.Combine(folder, file.Name), file, cancellationToken);
            return manifest;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The backup in '{folder}' can't be read: {failure.Message}", failure);
        }
    }

    private static async Task CheckAsync(string path, BackupFile file, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new MemoryException($"The backup lacks the file '{path}'. Restore another backup.");
        if (new FileInfo(path).Length is var length && length != file.Bytes)
            throw new MemoryException($"'{path}' has {length:N0} bytes, and its manifest says {file.Bytes:N0}: it was cut off, or changed. Restore another backup.");
        if (await BackupFolder.HashAsync(path, cancellationToken) != file.Sha256)
            throw new MemoryException($"'{path}' doesn't have the checksum that its manifest says: it was changed, or the disk failed. Restore another backup.");
    }
}
