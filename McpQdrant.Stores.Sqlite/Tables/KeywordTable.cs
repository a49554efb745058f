using System.Buffers.Text;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Index;
using SQLitePCL;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>A collection's index of words in the file: SQLite's FTS5, which keeps no second copy of the texts.</summary>
internal static class KeywordTable
{
    public static void Create(SqliteSession session, long collection, string language) => session.Execute(
        $"CREATE VIRTUAL TABLE {Name(collection)} USING fts5(words, content = '', contentless_delete = 1, {Tokenizer(language)})");

    public static string Tokenizer(string language) =>
        $"tokenize = '{(language == KeywordText.English ? "porter " : "")}unicode61 remove_diacritics 2'";

    public static void Insert(SqliteSession session, SqliteCollection collection, long row, string text)
    {
        if (KeywordText.Content(text, collection.Language) is { Length: > 0 } words)
            session.Execute($"INSERT INTO {Name(collection.Key)} (rowid, words) VALUES ($1, $2)", row, words);
    }

    public static void Delete(SqliteSession session, long collection, long row) =>
        session.Execute($"DELETE FROM {Name(collection)} WHERE rowid = $1", row);

    /// <summary>The rows that have a term, and how often.</summary>
    public static List<(long Row, int Count)> Occurrences(SqliteSession session, long collection, string term)
    {
        var vocabulary = $"temp.occurrences_{collection}";
        session.Execute($"CREATE VIRTUAL TABLE IF NOT EXISTS {vocabulary} USING fts5vocab(main, {Name(collection)}, instance)");

        // As one text, since a row for each would cost several times as much. Those of one row stand together.
        using var all = session.Query($"SELECT group_concat(doc) FROM {vocabulary} WHERE term = $1", term);
        var occurrences = new List<(long Row, int Count)>();
        var rest = all.Read() ? raw.sqlite3_column_blob(all.Handle, 0) : [];
        while (Utf8Parser.TryParse(rest, out long row, out var length))
        {
            if (occurrences is [.., var last] && last.Row == row)
                occurrences[^1] = (row, last.Count + 1);
            else
                occurrences.Add((row, 1));
            rest = rest[Math.Min(length + 1, rest.Length)..];
        }

        return occurrences;
    }

    /// <summary>Where FTS5 keeps how many words a row has: <c>sz</c>, a blob of one variable-length integer (https://sqlite.org/fts5.html, 9).</summary>
    public static string Lengths(long collection) => $"{Name(collection)}_docsize";

    /// <summary>Reads a number of <see cref="Lengths"/>: seven bits a byte, the highest first, and no more after a byte below 128.</summary>
    public static int ReadLength(ReadOnlySpan<byte> size)
    {
        var length = 0;
        foreach (var part in size)
        {
            length = (length << 7) | (part & 0x7F);
            if (part < 0x80)
                break;
        }

        return length;
    }

    private static string Name(long collection) => $"keywords_{collection}";
}
