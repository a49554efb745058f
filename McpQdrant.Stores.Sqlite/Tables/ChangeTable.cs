using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>The log of changes: what memories were before. A line is written in the transaction of its change.</summary>
internal static class ChangeTable
{
    public const string Definition =
        """
        CREATE TABLE changes (
            row INTEGER PRIMARY KEY,
            change BLOB NOT NULL,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            operation TEXT NOT NULL,
            collection INTEGER NOT NULL REFERENCES collections,
            memory BLOB NOT NULL,
            stored_at INTEGER,
            first_stored_at INTEGER,
            metadata TEXT,
            text TEXT,
            after TEXT
        ) STRICT;

        CREATE INDEX changes_by_time ON changes (at);
        CREATE INDEX changes_by_memory ON changes (collection, memory);
        CREATE INDEX changes_by_change ON changes (change);
        """;

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 1024 };

    /// <param name="before">Null where there was no memory.</param>
    /// <param name="after">Null where there is none now.</param>
    public static void Add(SqliteSession session, SqliteCollection collection, ChangeOrigin origin, MemoryId memory, StoredMemory? before, Memory? after) => session.Execute(
        """
        INSERT INTO changes (change, at, by, operation, collection, memory, stored_at, first_stored_at, metadata, text, after, others, expires_at, written_by, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """,
        origin.Id.Value.ToByteArray(bigEndian: true), origin.At.UtcTicks, origin.By, origin.Operation, collection.Key, StoredId.Write(memory),
        before?.Memory.StoredAt?.UtcTicks, before?.Memory.ChangedAt is null ? null : before.Memory.FirstStoredAt?.UtcTicks, before?.Memory.Metadata?.GetRawText(), before?.Memory.Text,
        after is null ? null : ContentHash.Of(after), before?.Others?.GetRawText(), before?.Memory.ExpiresAt?.UtcTicks,
        before?.Memory.By, MemoryTable.RevisionNumberOf(before?.Memory));

    /// <summary>The newest first.</summary>
    public static List<Change> Read(SqliteSession session, ChangeQuery query)
    {
        // Only what is asked for stands in the statement, so that an index can serve it.
        var conditions = string.Concat(
            query.Collection is null ? "" : " AND name = $1",
            query.Memory is null ? "" : " AND memory = $2",
            query.Change is null ? "" : " AND change = $3",
            query.By is null ? "" : " AND by = $4");
        using var row = session.Query(
            $"""
            SELECT change, at, by, operation, name, memory, stored_at, first_stored_at, changes.metadata, text, after, others, expires_at, written_by, revision
            FROM changes JOIN collections ON key = collection
            WHERE at >= $5{conditions} ORDER BY row DESC LIMIT $6
            """,
            query.Collection?.Value, query.Memory is { } memory ? StoredId.Write(memory) : null, query.Change?.Value.ToByteArray(bigEndian: true), query.By,
            query.Since?.UtcTicks ?? 0L, query.Limit);
        var changes = new List<Change>();
        while (row.Read())
            changes.Add(Read(row));
        return changes;
    }

    public static long RemoveBefore(SqliteSession session, DateTimeOffset time) => session.Execute("DELETE FROM changes WHERE at < $1", time.UtcTicks);

    public static long Remove(SqliteSession session, CollectionName collection, IEnumerable<MemoryId> memories) => memories.Sum(memory => (long)session.Execute(
        "DELETE FROM changes WHERE collection = (SELECT key FROM collections WHERE name = $1) AND memory = $2", collection.Value, StoredId.Write(memory)));

    private static Change Read(SqliteDataReader row)
    {
        var id = StoredId.Read(row.GetFieldValue<byte[]>(5));
        var origin = new ChangeOrigin(new ChangeId(new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true)), row.GetString(2), row.GetString(3), Time(row, 1)!.Value);
        var before = row.IsDBNull(9) ? null : new Memory(id, row.GetString(9), Json(row, 8), Time(row, 6))
        {
            FirstStoredAt = Time(row, 7),
            ExpiresAt = Time(row, 12),
            By = row.IsDBNull(13) ? null : row.GetString(13),
            RevisionNumber = row.IsDBNull(14) ? 0 : row.GetInt32(14),
        };
        return new Change(origin, CollectionName.Parse(row.GetString(4)), id, before is null ? null : new StoredMemoryContent(before, Json(row, 11)), row.IsDBNull(10) ? null : row.GetString(10));
    }

    private static JsonElement? Json(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : JsonElement.Parse(row.GetString(column), AnyDepth);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
