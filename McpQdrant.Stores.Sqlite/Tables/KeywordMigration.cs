using McpQdrant.Stores.Sqlite.Files;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>Moves the words of format 1, which had an FTS5 table for each collection, into the one table of format 2.</summary>
/// <remarks>
/// In steps, each a transaction: other processes that open the file don't wait long for their turn at it, and one that is ended loses one step.
/// What is left to do is what old tables there are; a collection's table is dropped in the transaction that moves the last of its memories.
/// </remarks>
internal static class KeywordMigration
{
    /// <summary>Memories in a step, some tenths of a second.</summary>
    private const int StepSize = 1000;

    /// <summary>Dropping a table takes as long as moving so many memories.</summary>
    private const int CostOfTable = 20;

    private const string OldTable = "keywords_";

    public static void Run(SqliteSession session)
    {
        while (Step(session, StepSize))
        {
        }
    }

    /// <returns>False where nothing was left to do.</returns>
    internal static bool Step(SqliteSession session, int size)
    {
        if (OldKeys(session, limit: 1).Count == 0)
            return false;

        session.BeginWrite();
        foreach (var key in OldKeys(session, limit: Math.Max(1, size / CostOfTable)))
        {
            var moved = CollectionTable.Find(session, key) is { } collection ? Move(session, collection, size) : 0;
            size -= moved + CostOfTable;
            if (size <= 0 && moved > 0)
                break;
            session.Execute($"DROP TABLE {OldTable}{key}");
        }
        session.Execute("COMMIT");
        return true;
    }

    /// <returns>How many memories were moved: as many as asked for where there may be more.</returns>
    private static int Move(SqliteSession session, SqliteCollection collection, int limit)
    {
        var rows = new List<long>();
        using (var row = session.Query(
            $"""
            SELECT row FROM memories
            WHERE collection = $1 AND NOT EXISTS (SELECT 1 FROM {KeywordTable.Lengths} WHERE id = row) LIMIT $2
            """,
            collection.Key, limit))
        {
            while (row.Read())
                rows.Add(row.GetInt64(0));
        }

        foreach (var row in rows)
            KeywordTable.Insert(session, collection, row, MemoryTable.Text(session, row)!);
        return rows.Count;
    }

    /// <summary>The keys of collections whose old tables are still there.</summary>
    private static List<long> OldKeys(SqliteSession session, int limit)
    {
        // FTS5's own tables are named keywords_1_data and so on.
        using var row = session.Query(
            $"""
            SELECT CAST(substr(name, length('{OldTable}') + 1) AS INTEGER) FROM sqlite_schema
            WHERE type = 'table' AND sql GLOB 'CREATE VIRTUAL TABLE {OldTable}[0-9]*' LIMIT $1
            """,
            limit);
        var keys = new List<long>();
        while (row.Read())
            keys.Add(row.GetInt64(0));
        return keys;
    }
}
