using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace McpQdrant.Stores.Sqlite.Files;

/// <summary>A copy of the file of memories that nobody writes to.</summary>
internal static class DatabaseCopy
{
    /// <summary>Ends the name of a copy that is about to take the place of the file.</summary>
    private const string Incoming = ".restoring";

    /// <summary>Reads all of it, and makes sure that it is sound and ours. No file is made beside it.</summary>
    /// <returns>Its collections.</returns>
    /// <exception cref="MemoryException">It is damaged, another program's, or of a newer version.</exception>
    public static IReadOnlyList<CopiedCollection> Check(string file)
    {
        try
        {
            using var session = new SqliteSession(
                new SqliteConnectionStringBuilder { DataSource = FrozenFile.Of(file).Address, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString,
                generation: 0, SqliteSession.UsualPatience);
            Schema.RequireOurs(session);
            using (var report = session.Query("PRAGMA integrity_check(1)"))
            {
                if (report.Read() && report.GetString(0) is var finding && finding != "ok")
                    throw new MemoryException($"'{file}' is damaged ({finding.Trim().ReplaceLineEndings(" ")}). Use another backup; `doctor` says whether the store itself is sound.");
            }
            return Collections(session);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            throw new MemoryException($"'{file}' is damaged, or no database. Use another backup; `doctor` says whether the store itself is sound.", failure);
        }
    }

    public static IReadOnlyList<CopiedCollection> Collections(SqliteSession session) =>
    [
        .. from name in CollectionTable.Names(session)
           let collection = CollectionTable.Find(session, CollectionName.Parse(name))!
           select new CopiedCollection(
               CollectionName.Parse(name), MemoryTable.Count(session, collection.Key), CollectionMetadata.Read(CollectionTable.ReadNotes(collection))?.Model.Model),
    ];

    /// <summary>Puts a copy in the place of the file of memories, in one step.</summary>
    /// <exception cref="MemoryException">The copy can't be used, or somebody has the file open.</exception>
    public static void Restore(string copy, string folder)
    {
        DataFolder.MakeFolder(folder);
        var file = DataFolder.FileIn(folder);
        var incoming = file + Incoming;
        File.Delete(incoming);
        DataFolder.MakeFile(incoming);
        try
        {
            using (var source = File.OpenRead(copy))
            using (var target = new FileStream(incoming, FileMode.Open, FileAccess.Write, FileShare.None))
            {
                source.CopyTo(target);
                target.Flush(flushToDisk: true);
            }
            Check(incoming);
            if (File.Exists(file))
                RequireUnused(file, folder);

            // The log beside the file is of the old one, and would be read as part of the new one.
            File.Delete($"{file}-wal");
            File.Delete($"{file}-shm");
            File.Move(incoming, file, overwrite: true);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    /// <summary>A process that has the file open would go on writing to the old one. SQLite gives up the write-ahead log only for the last one.</summary>
    private static void RequireUnused(string file, string folder)
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1 }.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = DELETE";
            if ((string?)command.ExecuteScalar() == "delete")
                return;
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            // Nobody can use it.
            return;
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            throw InUse(folder, failure);
        }
        throw InUse(folder, null);
    }

    private static MemoryException InUse(string folder, Exception? failure) =>
        new($"Nothing was restored: a server has the memories in '{folder}' open. Stop the servers of this folder, then restore.", failure);
}
