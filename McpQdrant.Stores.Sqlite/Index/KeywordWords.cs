using System.Text;
using McpQdrant.Core.Search.Keywords;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Takes the words out of a <see cref="KeywordText"/>, as SQLite's <c>unicode61</c> tokenizer splits, and leaves out the stop words, as Qdrant's BM25 does.</summary>
internal static class KeywordWords
{
    /// <summary>Whoever pastes a page as a question means its subject, and each word costs a look through its memories.</summary>
    private const int MostQueryWords = 64;

    /// <summary>What of a memory's text goes into the index.</summary>
    public static string Content(string text, string language)
    {
        var content = new StringBuilder(Math.Min(text.Length, 4096));
        var reader = new WordReader(KeywordText.Of(text));
        while (reader.Next(out var word))
        {
            if (!StopWords.Contains(word, language))
                content.Append(word).Append(' ');
        }

        return content.ToString();
    }

    /// <summary>What of a question is looked for: its first words, each once, in the form of <see cref="Content"/>.</summary>
    /// <param name="hasPairs">See <see cref="KeywordText.OfQuestion"/>.</param>
    public static string Question(string text, string language, bool hasPairs = true)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var reader = new WordReader(KeywordText.OfQuestion(text, hasPairs));
        while (words.Count < MostQueryWords && reader.Next(out var word))
        {
            if (!StopWords.Contains(word, language))
                words.Add(word.ToString());
        }

        return string.Join(' ', words);
    }
}
