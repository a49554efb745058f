using McpQdrant.Core.Search.Keywords;
using McpQdrant.Stores.Sqlite.Files;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Makes words into the terms of an index (folded, without diacritics, stemmed) by letting FTS5 index them, so that there is one tokenizer.</summary>
internal static class KeywordTerms
{
    /// <summary>In UTF-16 units. No word is so long; what is (a key, a picture as text) is found by its beginning.</summary>
    private const int MaxLength = 250;

    /// <returns>Each term, and how often it occurs.</returns>
    public static List<(string Term, int Count)> Of(SqliteSession session, string words, string language)
    {
        var terms = new List<(string, int)>();
        if (words.Length == 0)
            return terms;

        var isEnglish = language == StopWords.English;
        var table = isEnglish ? "temp.terms_english" : "temp.terms_any";
        session.Execute(
            $"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5(words, content = '', tokenize = '{(isEnglish ? "porter " : "")}unicode61 remove_diacritics 2')");
        session.Execute($"CREATE VIRTUAL TABLE IF NOT EXISTS {table}_list USING fts5vocab({(isEnglish ? "terms_english" : "terms_any")}, row)");

        session.Execute($"INSERT INTO {table} (rowid, words) VALUES (1, $1)", words);
        using (var row = session.Query($"SELECT term, cnt FROM {table}_list"))
        {
            while (row.Read())
                terms.Add((Cut(row.GetString(0)), row.GetInt32(1)));
        }

        // Only the terms are wanted. A savepoint would do it too, but makes FTS5 write out what it gathers for the memories' own table.
        session.Execute($"INSERT INTO {table} ({table["temp.".Length..]}) VALUES ('delete-all')");
        return terms;
    }

    private static string Cut(string term) =>
        term.Length <= MaxLength ? term : term[..(char.IsHighSurrogate(term[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
}
