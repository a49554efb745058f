using McpQdrant.Core.Memories;
using McpQdrant.Stores.Sqlite.Files;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>The tables, and how an older file gets them.</summary>
/// <remarks>
/// A memory's <c>row</c> grows with every write and is never used twice, and replacing a memory gives it a new row. So whoever has
/// seen all rows up to one needs to read only those above it; <c>deletions</c> says when to look which of the older ones are left.
/// </remarks>
internal static class Schema
{
    // "McpQ": tells our file from any other program's.
    private const long ApplicationId = 0x4D63_7051;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE collections (
            key INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            vector_name TEXT NOT NULL,
            vector_size INTEGER NOT NULL,
            language TEXT NOT NULL,
            notes TEXT NOT NULL,
            deletions INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE memories (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            collection INTEGER NOT NULL REFERENCES collections,
            id BLOB NOT NULL,
            stored_at INTEGER,
            vector BLOB,
            metadata TEXT,
            text TEXT NOT NULL,
            UNIQUE (collection, id)
        ) STRICT;

        CREATE INDEX memories_by_age ON memories (collection, row);
        """,

        // What format 1 has in other tables is moved after this, bit by bit: see KeywordMigration.
        KeywordTable.Definition,

        // When a memory that was changed was first stored; null for the others.
        "ALTER TABLE memories ADD COLUMN first_stored_at INTEGER;",

        // Of long texts; see StoredPassages.
        "ALTER TABLE memories ADD COLUMN passages BLOB",

        ChangeTable.Definition,

        // Fields of other programs that came with an imported memory: kept, and not searched.
        "ALTER TABLE memories ADD COLUMN others TEXT; ALTER TABLE changes ADD COLUMN others TEXT",

        // When a memory expires; null for never.
        """
        ALTER TABLE memories ADD COLUMN expires_at INTEGER;
        ALTER TABLE changes ADD COLUMN expires_at INTEGER;
        CREATE INDEX memories_by_expiry ON memories (collection) WHERE expires_at IS NOT NULL;
        """,

        // Who stored a memory, or changed it last; its number of revisions, null for one that was never changed.
        """
        ALTER TABLE memories ADD COLUMN written_by TEXT;
        ALTER TABLE memories ADD COLUMN revision INTEGER;
        ALTER TABLE changes ADD COLUMN written_by TEXT;
        ALTER TABLE changes ADD COLUMN revision INTEGER;
        """,
    ];

    /// <summary>The newest format, which files have once they are opened.</summary>
    public static int Format => Steps.Length;

    /// <exception cref="MemoryException">The file is another program's, or a newer version's.</exception>
    public static void RequireOurs(SqliteSession session)
    {
        if (Version(session) == 0)
            throw new MemoryException("The file holds no memories: it is an empty database.");
    }

    /// <summary>Makes the tables that are missing. Several processes may do so at once.</summary>
    /// <exception cref="MemoryException">The file is another program's, or a newer version's. It was not changed.</exception>
    public static void Upgrade(SqliteSession session)
    {
        var isNew = Version(session) < Steps.Length;

        // Also of a file of this format: a copy that VACUUM INTO made, a restored backup for instance, has lost it.
        if (!IsWal(session))
            session.Execute("PRAGMA journal_mode = WAL");
        if (isNew)
            MakeTables(session);
        KeywordMigration.Run(session);
    }

    private static void MakeTables(SqliteSession session)
    {
        session.BeginWrite();
        for (var version = Version(session); version < Steps.Length; version++)
            session.Execute(Steps[version]);
        session.Execute($"PRAGMA application_id = {ApplicationId}");
        session.Execute($"PRAGMA user_version = {Steps.Length}");
        session.Execute("COMMIT");
    }

    private static bool IsWal(SqliteSession session)
    {
        using var row = session.Query("PRAGMA journal_mode");
        return row.Read() && row.GetString(0) == "wal";
    }

    private static long Version(SqliteSession session)
    {
        // One statement sees one state of the file, which another process may be about to fill.
        using var row = session.Query(
            """
            SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)
            FROM pragma_user_version, pragma_application_id
            """);
        row.Read();
        var (version, isOurs, isEmpty) = (row.GetInt64(0), row.GetInt64(1) == ApplicationId, row.GetInt64(2) == 0);

        if (!isOurs && !isEmpty)
            throw new MemoryException(
                $"The file {DataFolder.FileName} in the data folder is another program's database, and was left as it is. " +
                "Move it away, or set QDRANT_LOCAL_PATH to another folder.");
        if (isOurs && version > Steps.Length)
            throw new MemoryException(
                $"The memories were written by a newer version of this server (format {version}; this one knows {Steps.Length}). " +
                "Update the server, or set QDRANT_LOCAL_PATH to another folder.");

        return isOurs ? version : 0;
    }
}
