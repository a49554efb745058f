using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Files;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>The collections in the file.</summary>
internal static class CollectionTable
{
    public static List<string> Names(SqliteSession session)
    {
        using var row = session.Query("SELECT name FROM collections ORDER BY name");
        var names = new List<string>();
        while (row.Read())
            names.Add(row.GetString(0));
        return names;
    }

    public static SqliteCollection? Find(SqliteSession session, CollectionName name)
    {
        using var row = session.Query("SELECT key, name, vector_name, vector_size, language, notes FROM collections WHERE name = $1", name.Value);
        return row.Read() ? Read(row) : null;
    }

    /// <exception cref="StaleCollectionException">The collection is gone, or isn't what the caller takes it for.</exception>
    public static SqliteCollection Require(SqliteSession session, CollectionLayout layout)
    {
        var collection = Find(session, layout.Name)
            ?? throw new StaleCollectionException($"There is no collection '{layout.Name}'. Store a memory in it first, or choose another collection.");

        return collection.VectorName == layout.VectorName && collection.VectorSize == layout.VectorSize
            ? collection
            : throw new StaleCollectionException(
                $"Collection '{layout.Name}' has a vector '{collection.VectorName}' of {collection.VectorSize} numbers, not '{layout.VectorName}' " +
                $"of {layout.VectorSize}. Choose another collection, or the embedding model that wrote this one.");
    }

    /// <summary>Does nothing where there is a collection of that name.</summary>
    public static void Create(SqliteSession session, CollectionSpec spec)
    {
        session.Execute(
            "INSERT INTO collections (name, vector_name, vector_size, language, notes) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            spec.Name.Value, spec.Model.VectorName, spec.Model.Dimensions, spec.Keywords.Language, NotesOf(spec));
    }

    public static SqliteCollection? Find(SqliteSession session, long key)
    {
        using var row = session.Query("SELECT key, name, vector_name, vector_size, language, notes FROM collections WHERE key = $1", key);
        return row.Read() ? Read(row) : null;
    }

    public static Bm25Options KeywordsOf(SqliteCollection collection) =>
        CollectionMetadata.Read(ReadNotes(collection))?.Keywords ?? Bm25Options.Default with { Language = collection.Language };

    /// <summary>A collection's notes as <see cref="CollectionInfo"/> has them.</summary>
    public static IReadOnlyDictionary<string, JsonElement> ReadNotes(SqliteCollection collection) =>
        JsonElement.Parse(collection.Notes).EnumerateObject().ToDictionary(note => note.Name, note => note.Value);

    /// <summary>Writes one of a collection's notes; the others stay.</summary>
    public static void WriteNote(SqliteSession session, CollectionName name, string key, JsonElement value)
    {
        if (Find(session, name) is not { } collection)
            throw new StaleCollectionException($"There is no collection '{name}'. Store a memory in it first, or choose another collection.");

        var notes = JsonNode.Parse(collection.Notes)!.AsObject();
        notes[key] = JsonNode.Parse(value.GetRawText());
        session.Execute("UPDATE collections SET notes = $2 WHERE key = $1", collection.Key, notes.ToJsonString());
    }

    public static long Deletions(SqliteSession session, long key) => session.Number("SELECT deletions FROM collections WHERE key = $1", key) ?? 0;

    public static void CountDeletions(SqliteSession session, long key, long count) =>
        session.Execute("UPDATE collections SET deletions = deletions + $2 WHERE key = $1", key, count);

    private static string NotesOf(CollectionSpec spec) =>
        new JsonObject { [CollectionMetadata.Key] = JsonObject.Create(new CollectionMetadata(spec.Model, spec.Keywords).ToJson()) }.ToJsonString();

    private static SqliteCollection Read(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4), row.GetString(5));
}

/// <summary>A collection as its table has it.</summary>
/// <param name="Key">What its memories and its index of words go by.</param>
/// <param name="Language">See <see cref="McpQdrant.Core.Collections.Bm25Options"/>.</param>
/// <param name="Notes">A JSON object; see <see cref="McpQdrant.Core.Collections.CollectionMetadata"/>.</param>
internal sealed record SqliteCollection(long Key, string Name, string VectorName, int VectorSize, string Language, string Notes);
