using McpQdrant.Core.Memories;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace McpQdrant.Stores.Sqlite.Files;

/// <summary>What SQLite's errors mean to someone who keeps memories.</summary>
internal static class SqliteFailure
{
    /// <returns>A sentence for what a person can mend; the exception itself for what is a mistake in this program.</returns>
    public static Exception Explain(SqliteException failure) =>
        Sentence(failure) is { } sentence ? new MemoryException(sentence, failure) { IsOutage = failure.SqliteErrorCode != raw.SQLITE_TOOBIG } : failure;

    private static string? Sentence(SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "The disk is full, so nothing was stored. Free some space, then try again.",
        raw.SQLITE_IOERR when failure.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE =>
            "The disk is full, so the memories can't be opened. Free some space, then try again.",
        raw.SQLITE_IOERR => "The disk failed while memories were read or written. Check the disk and the system's log, then try again.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM =>
            "The data folder is read-only, so nothing was stored. Allow this user to write to it, or set QDRANT_LOCAL_PATH to another folder.",
        raw.SQLITE_CANTOPEN =>
            "The file of memories can't be opened. Check that the data folder exists and that this user may read and write it, then try again.",
        raw.SQLITE_NOTADB =>
            $"The file {DataFolder.FileName} in the data folder is not a database, and was left as it is. Move it away, or set QDRANT_LOCAL_PATH to another folder.",
        raw.SQLITE_CORRUPT =>
            $"The file {DataFolder.FileName} in the data folder is damaged. Restore it from a backup, or repair it with the sqlite3 program's .recover command.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "Another process kept the memories locked for too long. Try again.",
        raw.SQLITE_TOOBIG => "The memory is too large to be stored. Split the text.",
        raw.SQLITE_NOMEM => "There is not enough memory for this. Ask for less at once, or give the server more memory.",
        _ => null,
    };
}
