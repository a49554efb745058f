using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Backup;

/// <summary>Asks for a copy of all that the store has.</summary>
/// <param name="Folder">Where backups are kept; each gets a folder in it, named by its time.</param>
/// <param name="Program">The version of this program, for the manifest.</param>
/// <param name="Progress">Hears how far it is.</param>
public sealed record BackUpStoreRequest(string Folder, string Program, IProgress<BackfillProgress> Progress)
{
    /// <summary>How many of the newest backups stay; null for all.</summary>
    public int? Keep { get; init; }
}

/// <summary>What was written.</summary>
/// <param name="Folder">The backup's own folder.</param>
/// <param name="Removed">The names of older backups that were removed.</param>
public sealed record BackUpStoreResult(string Folder, BackupManifest Manifest, IReadOnlyList<string> Removed);

/// <summary>Copies the whole store into a folder, while servers go on. The folder has its name when all is written and checked.</summary>
public sealed class BackUpStore(UseCaseGuard guard, IStoreBackup store, TimeProvider clock) : IUseCase<BackUpStoreRequest, BackUpStoreResult>
{
    private static readonly Operation Operation = new("backup", Rights.Read | Rights.Administer);

    /// <inheritdoc/>
    /// <exception cref="MemoryException">The store can't be copied, or the folder can't be written to.</exception>
    public Task<BackUpStoreResult> HandleAsync(Caller caller, BackUpStoreRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, inStore: null, async () =>
        {
            try
            {
                return await BackUpAsync(request, cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new MemoryException($"The backup can't be written to '{request.Folder}': {failure.Message}", failure);
            }
        }, cancellationToken);

    private async Task<BackUpStoreResult> BackUpAsync(BackUpStoreRequest request, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(request.Folder);
        var created = clock.GetUtcNow();
        var (folder, finished) = BackupFolder.Create(root, created);
        BackupManifest manifest;
        try
        {
            var version = await store.ReadVersionAsync(cancellationToken);
            var copied = await store.CopyAsync(folder, request.Progress, cancellationToken);
            manifest = new BackupManifest
            {
                Created = created,
                Program = request.Program,
                Store = store.Kind,
                StoreVersion = version,
                Files = await ReadBackAsync(folder, copied, cancellationToken),
            };
            BackupFolder.WritePrivate(Path.Combine(folder, BackupManifest.FileName), manifest.ToJson().Span);
            Directory.Move(folder, finished);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }

        // Only now, when there is a newer one that is whole.
        var removed = request.Keep is { } keep ? BackupFolder.Rotate(root, keep, clock.GetUtcNow()) : [];
        return new BackUpStoreResult(finished, manifest, removed);
    }

    private static async Task<IReadOnlyList<BackupFile>> ReadBackAsync(string folder, IReadOnlyList<CopiedFile> copied, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        foreach (var (name, collections) in copied)
        {
            var path = Path.Combine(folder, name);
            files.Add(new BackupFile(name, new FileInfo(path).Length, await BackupFolder.HashAsync(path, cancellationToken), collections));
        }
        return files;
    }
}
