using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite;

/// <content>What looks at the file as a whole.</content>
internal sealed partial class SqliteMemoryStore : IStoreInspection
{
    public Task<string> InspectAsync(CancellationToken cancellationToken) => ReadAsync(
        session =>
        {
            if (FirstDamage(session) is { } damage)
                throw new MemoryException(
                    $"The file {DataFolder.FileName} in the data folder is damaged ({damage}). Restore it from a backup, or repair it with the sqlite3 program's .recover command.");

            if (!_options.ReadOnly)
            {
                session.BeginWrite();
                session.Execute("ROLLBACK");
            }
            var collections = CollectionTable.Names(session).Count;
            return _options.Folder is { } folder
                ? $"The memories in {folder} {(_options.ReadOnly ? "can be read" : "can be written")} and are sound; there are {collections} collection(s)."
                : "Memories are kept in this process only, and are lost when it ends. Set QDRANT_LOCAL_PATH to a folder to keep them.";
        },
        cancellationToken);

    /// <returns>The first thing wrong with the file; null where it is sound.</returns>
    private static string? FirstDamage(SqliteSession session)
    {
        using var report = session.Query("PRAGMA quick_check(1)");
        return report.Read() && report.GetString(0) is var finding && finding != "ok" ? finding : null;
    }
}
