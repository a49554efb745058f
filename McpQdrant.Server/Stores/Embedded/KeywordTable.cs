using McpQdrant.Server.Memories;
using McpQdrant.Server.Memories.Ranking;

namespace McpQdrant.Server.Stores.Embedded;

/// <summary>A collection's index of words: SQLite's FTS5, which keeps no second copy of the texts.</summary>
internal static class KeywordTable
{
    public static void Create(SqliteSession session, long collection, string language)
    {
        var stemmer = language == KeywordText.English ? "porter " : "";
        session.Execute(
            $"""
            CREATE VIRTUAL TABLE {Name(collection)}
            USING fts5(words, content = '', contentless_delete = 1, tokenize = '{stemmer}unicode61 remove_diacritics 2')
            """);
    }

    public static void Insert(SqliteSession session, EmbeddedCollection collection, long row, string text)
    {
        if (KeywordText.Content(text, collection.Language) is { Length: > 0 } words)
            session.Execute($"INSERT INTO {Name(collection.Key)} (rowid, words) VALUES ($1, $2)", row, words);
    }

    public static void Delete(SqliteSession session, long collection, long row) =>
        session.Execute($"DELETE FROM {Name(collection)} WHERE rowid = $1", row);

    /// <summary>The best matches by BM25, best first, of the memories that are known and wanted.</summary>
    /// <param name="accept">Says which memory a row is; null for one that doesn't count.</param>
    public static IReadOnlyList<Ranked> Search(
        SqliteSession session, EmbeddedCollection collection, string question, int limit, Func<long, MemoryId?> accept)
    {
        if (KeywordText.Query(question, collection.Language) is not { } query)
            return [];

        var name = Name(collection.Key);
        using var row = session.Query($"SELECT rowid, rank FROM {name} WHERE {name} MATCH $1 ORDER BY rank", query);
        var best = new List<Ranked>();
        while (row.Read())
        {
            // FTS5's BM25 is negated, so that sorting puts the best first.
            var score = -row.GetDouble(1);
            // Reads on while scores are equal, so that the cut is by id as well.
            if (best.Count >= limit && score < best[^1].Score)
                break;
            if (accept(row.GetInt64(0)) is { } id)
                best.Add(new Ranked(id, score));
        }

        best.Sort();
        return best.Count > limit ? best[..limit] : best;
    }

    private static string Name(long collection) => $"keywords_{collection}";
}
