using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Index;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>The memories in the file.</summary>
internal static class MemoryTable
{
    // Metadata may be nested deeper than the parser's default of 64.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 1024 };

    private static readonly PayloadDecoder Checker = new();

    /// <summary>What <see cref="ToMemory"/> reads.</summary>
    private const string Columns = "id, text, metadata, stored_at, first_stored_at, row, expires_at, written_by, revision";

    public static void Upsert(SqliteSession session, SqliteCollection collection, StoredMemory stored)
    {
        if (stored.Memory.Metadata is { } value)
            Check(value);
        if (stored.Others is { } others)
            Check(others);
        Write(session, collection, stored, StoredPassages.Write(stored.Passages, collection));
    }

    /// <param name="passages">As <see cref="StoredPassages"/> writes them; null for none.</param>
    private static void Write(SqliteSession session, SqliteCollection collection, StoredMemory stored, byte[]? passages)
    {
        var (id, text, metadata, storedAt) = stored.Memory;
        var idBytes = StoredId.Write(id);
        var vector = stored.Vector is { } given ? StoredVector.Write(StoredVector.Normalized(given, collection)) : null;

        if (session.Number("DELETE FROM memories WHERE collection = $1 AND id = $2 RETURNING row", collection.Key, idBytes) is { } replaced)
            KeywordTable.Delete(session, replaced);

        var row = session.Number(
            """
            INSERT INTO memories (collection, id, stored_at, first_stored_at, vector, metadata, text, passages, others, expires_at, written_by, revision)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING row
            """,
            collection.Key, idBytes, storedAt?.UtcTicks, stored.Memory.ChangedAt is null ? null : stored.Memory.FirstStoredAt?.UtcTicks, vector, metadata?.GetRawText(), text, passages,
            stored.Others?.GetRawText(), stored.Memory.ExpiresAt?.UtcTicks, stored.Memory.By, RevisionNumberOf(stored.Memory))!.Value;
        KeywordTable.Insert(session, collection, row, text);
    }

    /// <returns>False where the id is taken; then nothing was written.</returns>
    public static bool TryInsert(SqliteSession session, SqliteCollection collection, StoredMemory stored)
    {
        if (FindRow(session, collection, stored.Memory.Id) is not null)
            return false;

        Upsert(session, collection, stored);
        return true;
    }

    /// <returns>False where the memory isn't as it was read; then nothing was written.</returns>
    public static bool TryReplace(SqliteSession session, SqliteCollection collection, StoredMemory stored, MemoryRevision read)
    {
        if (FindStored(session, collection, stored.Memory.Id) is not { } old || old.Memory.Revision != read)
            return false;

        Upsert(session, collection, stored with { Others = old.Others });
        return true;
    }

    /// <summary>Gives a memory passages, if it is still as it was read. It gets a new row, as with every change.</summary>
    public static void AddPassages(SqliteSession session, SqliteCollection collection, StoredMemory stored)
    {
        if (FindRow(session, collection, stored.Memory.Id) is { } row && RevisionOf(row) == stored.Memory.Revision && FindStored(session, collection, stored.Memory.Id) is { } there)
            Upsert(session, collection, there with { Passages = stored.Passages });
    }

    /// <summary>Makes a memory's keywords anew, if it is still as it was read. It gets a new row, so that whoever keeps its terms in memory reads them again.</summary>
    public static void RewriteKeywords(SqliteSession session, SqliteCollection collection, Memory memory)
    {
        if (FindRow(session, collection, memory.Id) is not { } row || RevisionOf(row) != memory.Revision || FindStored(session, collection, memory.Id) is not { } there)
            return;

        byte[]? passages;
        using (var found = session.Query("SELECT passages FROM memories WHERE row = $1", row))
            passages = found.Read() && !found.IsDBNull(0) ? Blob(found, 0).ToArray() : null;
        Write(session, collection, there, passages);
    }

    /// <summary>The next memories by id that have a vector and no passages; null starts with the first.</summary>
    public static List<Memory> PageWithoutPassages(SqliteSession session, SqliteCollection collection, MemoryId? after, int limit)
    {
        using var row = session.Query(
            $"SELECT {Columns} FROM memories WHERE collection = $1 AND id > $2 AND passages IS NULL AND vector IS NOT NULL ORDER BY id LIMIT $3",
            collection.Key, after is { } id ? StoredId.Write(id) : Array.Empty<byte>(), limit);
        var page = new List<Memory>();
        while (row.Read())
            page.Add(ToMemory(row));
        return page;
    }

    /// <summary>Deletes a memory; one with a revision only if it is still as it was read.</summary>
    /// <returns>False where there is nothing to delete.</returns>
    public static bool TryDelete(SqliteSession session, SqliteCollection collection, MemoryId id, MemoryRevision? read)
    {
        if (FindRow(session, collection, id) is not { } row || read is { } revision && RevisionOf(row) != revision)
            return false;

        session.Execute("DELETE FROM memories WHERE row = $1", row);
        KeywordTable.Delete(session, row);
        return true;
    }

    public static long Count(SqliteSession session, long collection) =>
        session.Number("SELECT count(*) FROM memories WHERE collection = $1", collection)!.Value;

    /// <summary>Whether one of them expires at some time.</summary>
    public static bool Expire(SqliteSession session, long collection) =>
        session.Number("SELECT EXISTS (SELECT 1 FROM memories WHERE collection = $1 AND expires_at IS NOT NULL)", collection) == 1;

    public static Memory? Find(SqliteSession session, SqliteCollection collection, MemoryId id)
    {
        using var row = session.Query(
            $"SELECT {Columns} FROM memories WHERE collection = $1 AND id = $2", collection.Key, StoredId.Write(id));
        return row.Read() ? ToMemory(row) : null;
    }

    public static StoredMemory? FindStored(SqliteSession session, SqliteCollection collection, MemoryId id)
    {
        using var row = session.Query(
            $"SELECT {Columns}, vector, others FROM memories WHERE collection = $1 AND id = $2", collection.Key, StoredId.Write(id));
        return row.Read() ? ReadStored(row) : null;
    }

    /// <summary>The next memories by id; null starts with the first.</summary>
    public static List<StoredMemory> Page(SqliteSession session, SqliteCollection collection, MemoryId? after, int limit)
    {
        // Every id is greater than no bytes at all.
        using var row = session.Query(
            $"SELECT {Columns}, vector, others FROM memories WHERE collection = $1 AND id > $2 ORDER BY id LIMIT $3",
            collection.Key, after is { } id ? StoredId.Write(id) : Array.Empty<byte>(), limit);
        var page = new List<StoredMemory>();
        while (row.Read())
            page.Add(ReadStored(row));
        return page;
    }

    /// <summary>Which rows are left, in ascending order, up to the last one known.</summary>
    public static List<long> Rows(SqliteSession session, long collection, long last)
    {
        using var row = session.Query("SELECT row FROM memories WHERE collection = $1 AND row <= $2 ORDER BY row", collection, last);
        var rows = new List<long>();
        while (row.Read())
            rows.Add(row.GetInt64(0));
        return rows;
    }

    public static string? Text(SqliteSession session, long row)
    {
        using var found = session.Query("SELECT text FROM memories WHERE row = $1", row);
        return found.Read() ? found.GetString(0) : null;
    }

    /// <summary>The dot product of a vector and that of a memory.</summary>
    /// <returns>Null where the memory is gone or has none.</returns>
    public static float? Dot(SqliteSession session, long row, ReadOnlySpan<float> vector)
    {
        using var found = session.Query("SELECT vector FROM memories WHERE row = $1", row);
        return found.Read() && !found.IsDBNull(0) ? TensorPrimitives.Dot(vector, StoredVector.Read(Blob(found, 0))) : null;
    }

    /// <summary>The caller that stored it, or changed it last; null where that was not written down.</summary>
    public static string? Writer(SqliteSession session, long row)
    {
        using var found = session.Query("SELECT written_by FROM memories WHERE row = $1", row);
        return found.Read() && !found.IsDBNull(0) ? found.GetString(0) : null;
    }

    /// <summary>Adds to an index what is above its last row.</summary>
    public static void Load(SqliteSession session, long collection, CollectionIndex index, PayloadDecoder decoder)
    {
        using var row = session.Query(
            $"""
            SELECT row, memories.id, stored_at, metadata, vector, sz, passages, first_stored_at, expires_at
            FROM memories LEFT JOIN {KeywordTable.Lengths} AS lengths ON lengths.id = row
            WHERE collection = $1 AND row > $2 ORDER BY row
            """,
            collection, index.LastRow);
        while (row.Read())
        {
            var memory = new IndexedMemory
            {
                Row = row.GetInt64(0),
                Id = StoredId.Read(Blob(row, 1)),
                StoredAt = row.IsDBNull(2) ? null : row.GetInt64(2),
                FirstStoredAt = row.IsDBNull(7) ? null : row.GetInt64(7),
                ExpiresAt = row.IsDBNull(8) ? null : row.GetInt64(8),
                Metadata = row.IsDBNull(3) ? default : decoder.Decode(Blob(row, 3)),
                HasVector = !row.IsDBNull(4),
            };
            index.Add(memory, StoredVector.Read(Blob(row, 4)), KeywordTable.ReadLength(Blob(row, 5)), Blob(row, 6));
        }
    }

    // What can't be decoded could be stored, but never be loaded for a search.
    private static void Check(JsonElement metadata)
    {
        try
        {
            Checker.Decode(metadata);
        }
        catch (JsonException e)
        {
            throw new MemoryException("The metadata are nested too deeply: 128 levels at most. Make them flatter.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new MemoryException("The metadata hold half of a character (a lone surrogate such as \\ud800). Leave it out.", e);
        }
    }

    private static StoredMemory ReadStored(SqliteDataReader row) =>
        new(ToMemory(row), row.IsDBNull(9) ? null : new SemanticVector.Embedded(StoredVector.Read(Blob(row, 9)).ToArray()))
        {
            Others = row.IsDBNull(10) ? null : JsonElement.Parse(row.GetString(10), AnyDepth),
        };

    private static Memory ToMemory(SqliteDataReader row) => new(
        StoredId.Read(Blob(row, 0)),
        row.GetString(1),
        row.IsDBNull(2) ? null : JsonElement.Parse(row.GetString(2), AnyDepth),
        row.IsDBNull(3) ? null : new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero))
    {
        FirstStoredAt = row.IsDBNull(4) ? null : new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero),
        Revision = RevisionOf(row.GetInt64(5)),
        ExpiresAt = row.IsDBNull(6) ? null : new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
        By = row.IsDBNull(7) ? null : row.GetString(7),
        RevisionNumber = row.IsDBNull(8) ? 0 : row.GetInt32(8),
    };

    /// <returns>Null for a memory that was never changed.</returns>
    public static object? RevisionNumberOf(Memory? memory) => memory is { RevisionNumber: > 1 and var number } ? (long)number : null;

    private static long? FindRow(SqliteSession session, SqliteCollection collection, MemoryId id) =>
        session.Number("SELECT row FROM memories WHERE collection = $1 AND id = $2", collection.Key, StoredId.Write(id));

    /// <summary>A memory that is written gets a new row, and no row is used twice (see <see cref="Schema"/>): so the row is its revision.</summary>
    private static MemoryRevision RevisionOf(long row) => new(row.ToString(CultureInfo.InvariantCulture));

    private static ReadOnlySpan<byte> Blob(SqliteDataReader row, int column) => raw.sqlite3_column_blob(row.Handle, column);
}

/// <summary>As long as two of them are equal, nobody has written to the file in between.</summary>
/// <param name="Generation">Grows when the file is opened anew.</param>
/// <param name="Version">SQLite's <c>data_version</c>, which means something within one generation only.</param>
internal readonly record struct ChangeStamp(int Generation, long Version);
