using System.Globalization;
using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Stores.Sqlite;

/// <content>Copies of the whole file, there and back.</content>
internal sealed partial class SqliteMemoryStore : IStoreBackup
{
    public string Kind => "sqlite";

    public Task<string> ReadVersionAsync(CancellationToken cancellationToken) => Task.FromResult(Schema.Format.ToString(CultureInfo.InvariantCulture));

    /// <remarks>The copy is of one moment. Others write meanwhile: a reader doesn't keep them waiting.</remarks>
    public Task<IReadOnlyList<CopiedFile>> CopyAsync(string folder, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        if (_options.Folder is null)
            throw new MemoryException("Memories are kept in this process only, so there is no file to back up. Use `export`, or set QDRANT_LOCAL_PATH to a folder.");

        var file = Path.Combine(folder, DataFolder.FileName);
        return ReadAsync<IReadOnlyList<CopiedFile>>(
            session =>
            {
                DataFolder.MakeFile(file);
                session.CopyTo(file);
                var collections = DatabaseCopy.Check(file);
                var count = collections.Sum(collection => collection.Memories);
                progress.Report(new BackfillProgress(count, count));
                return [new CopiedFile(DataFolder.FileName, collections)];
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<string>> FindReplacedAsync(BackupManifest manifest, CancellationToken cancellationToken) => Task.Run<IReadOnlyList<string>>(
        () =>
        {
            if (_options.Folder is not { } folder)
                throw new MemoryException("Memories are kept in this process only, so a backup can't be restored. Set QDRANT_LOCAL_PATH to a folder.");
            if (!File.Exists(DataFolder.FileIn(folder)))
                return [];

            try
            {
                return _database.Use<IReadOnlyList<string>>((session, _) =>
                    [.. DatabaseCopy.Collections(session).Select(collection => $"'{collection.Name}' ({UpgradeCollection.Counted(collection.Memories)})")]);
            }
            catch (MemoryException unreadable)
            {
                // A damaged file is what backups are for. It is replaced all the same only where that was asked for.
                return [$"the file of memories in '{folder}', which can't be read ({unreadable.Message.TrimEnd('.')})"];
            }
        },
        cancellationToken);

    public Task RestoreAsync(string folder, BackupManifest manifest, IProgress<BackfillProgress> progress, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            if (manifest.Files is not [{ Name: var name }])
                throw new MemoryException($"The backup in '{folder}' should have one file of memories, and has {manifest.Files.Count}. Restore another backup.");

            // What is open here would be the old file.
            _database.Close();
            try
            {
                DatabaseCopy.Restore(Path.Combine(folder, name), _options.Folder!);
            }
            catch (SqliteException failure)
            {
                throw SqliteFailure.Explain(failure);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new MemoryException($"The backup can't be restored into '{_options.Folder}': {failure.Message}", failure);
            }
            progress.Report(new BackfillProgress(manifest.Memories, manifest.Memories));
        },
        cancellationToken);
}
