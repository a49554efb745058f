using System.Buffers.Text;
using System.Globalization;
using System.Text;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Index;
using SQLitePCL;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>The words of all collections in the file: one FTS5 table, which keeps no second copy of the texts.</summary>
/// <remarks>
/// A term stands there behind its collection's key, as in <c>12_deploy</c>. So a search reads the lists of its own collection only, how rare a
/// term is counts within the collection, and a new collection changes no schema (every change makes all connections read the whole schema again).
/// The table is given finished terms (<see cref="KeywordTerms"/>); its own tokenizer only splits them at blanks.
/// </remarks>
internal static class KeywordTable
{
    public const string Definition =
        """CREATE VIRTUAL TABLE keywords USING fts5(terms, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '_'")""";

    /// <summary>Where FTS5 keeps how many terms a row has: <c>sz</c>, a blob of one variable-length integer (https://sqlite.org/fts5.html, 9).</summary>
    public const string Lengths = "keywords_docsize";

    public static void Insert(SqliteSession session, SqliteCollection collection, long row, string text)
    {
        var terms = new StringBuilder();
        foreach (var (term, count) in KeywordTerms.Of(session, KeywordWords.Content(text, collection.Language), collection.Language))
        {
            for (var i = 0; i < count; i++)
                terms.Append(CultureInfo.InvariantCulture, $"{collection.Key}_{term} ");
        }

        session.Execute("INSERT INTO keywords (rowid, terms) VALUES ($1, $2)", row, terms.ToString());
    }

    /// <summary>Lets no term stay that only deleted rows have.</summary>
    public static void Compact(SqliteSession session) => session.Execute("INSERT INTO keywords (keywords) VALUES ('optimize')");

    public static void Delete(SqliteSession session, long row) => session.Execute("DELETE FROM keywords WHERE rowid = $1", row);

    /// <summary>The rows of a collection that have a term, and how often.</summary>
    public static List<(long Row, int Count)> Occurrences(SqliteSession session, long collection, string term)
    {
        session.Execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.occurrences USING fts5vocab(main, keywords, instance)");

        // As one text, since a row for each would cost several times as much. Those of one row stand together.
        using var all = session.Query("SELECT group_concat(doc) FROM temp.occurrences WHERE term = $1 || '_' || $2", collection, term);
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
}
