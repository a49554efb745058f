namespace McpQdrant.Core.Search.Keywords;

/// <summary>How many words two texts share, whatever their endings; those that say nothing about a text are not counted.</summary>
public static class WordOverlap
{
    /// <summary>Longer words are compared by their beginning.</summary>
    private const int MaxWord = 64;

    public static int Count(string one, string other)
    {
        var words = StemsOf(one);
        words.IntersectWith(StemsOf(other));
        return words.Count;
    }

    private static HashSet<string> StemsOf(string text)
    {
        var stems = new HashSet<string>(StringComparer.Ordinal);
        Span<char> buffer = stackalloc char[MaxWord];
        var words = new WordReader(KeywordText.Of(text));
        while (words.Next(out var word))
        {
            // A single letter is a variable or a list's mark; a single sign of a script without blanks is a word.
            if (StopWords.Contains(word, StopWords.English) || word.Length == 1 && !KeywordText.IsUnspaced(word[0]))
                continue;
            var length = word[..Math.Min(word.Length, MaxWord)].ToLowerInvariant(buffer);
            stems.Add(buffer[..EnglishStem.Shorten(buffer[..length])].ToString());
        }
        return stems;
    }
}
