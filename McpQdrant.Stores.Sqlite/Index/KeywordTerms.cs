using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Makes words into the terms of an index (folded, without diacritics, stemmed) by letting FTS5 index them, so that there is one tokenizer.</summary>
internal static class KeywordTerms
{
    /// <returns>Each term, and how often it occurs.</returns>
    public static List<(string Term, int Count)> Of(SqliteSession session, string words, string language)
    {
        var terms = new List<(string, int)>();
        if (words.Length == 0)
            return terms;

        var table = $"terms_{(language == KeywordText.English ? KeywordText.English : "any")}";
        session.Execute($"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table} USING fts5(words, content = '', {KeywordTable.Tokenizer(language)})");
        session.Execute($"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_list USING fts5vocab({table}, row)");

        // Undone, since only the terms are wanted.
        session.Execute("SAVEPOINT terms");
        session.Execute($"INSERT INTO temp.{table} (rowid, words) VALUES (1, $1)", words);
        using (var row = session.Query($"SELECT term, cnt FROM temp.{table}_list"))
        {
            while (row.Read())
                terms.Add((row.GetString(0), row.GetInt32(1)));
        }
        session.Execute("ROLLBACK TO terms");
        session.Execute("RELEASE terms");
        return terms;
    }
}
