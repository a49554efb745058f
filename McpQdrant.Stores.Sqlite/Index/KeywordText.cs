using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>Takes the words out of a text, as SQLite's <c>unicode61</c> tokenizer splits, and leaves out the stop words, as Qdrant's BM25 does.</summary>
internal static class KeywordText
{
    public const string English = "english";

    /// <summary>Whoever pastes a page as a question means its subject, and each word costs a look through its memories.</summary>
    private const int MostQueryWords = 64;

    // NLTK's English stop words after splitting at apostrophes ("don't" is "don" and "t"): those that Qdrant 1.18 drops.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StopWords =
        """
        a about above after again against ain all am an and any are aren as at be because been before being below between both but by can
        couldn d did didn do does doesn doing don down during each few for from further had hadn has hasn have haven having he her here hers
        herself him himself his how i if in into is isn it its itself just ll m ma me mightn more most mustn my myself needn no nor not now o
        of off on once only or other our ours ourselves out over own re s same shan she should shouldn so some such t than that the their
        theirs them themselves then there these they this those through to too under until up ve very was wasn we were weren what when where
        which while who whom why will with won wouldn y you your yours yourself yourselves
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What of a memory's text goes into the index.</summary>
    public static string Content(string text, string language)
    {
        var content = new StringBuilder(Math.Min(text.Length, 4096));
        for (var rest = text.AsSpan(); TakeWord(ref rest, out var word);)
        {
            if (!IsStopWord(word, language))
                content.Append(word).Append(' ');
        }

        return content.ToString();
    }

    /// <summary>What of a question is looked for: its first words, each once, in the form of <see cref="Content"/>.</summary>
    public static string Question(string text, string language)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var rest = text.AsSpan(); words.Count < MostQueryWords && TakeWord(ref rest, out var word);)
        {
            if (!IsStopWord(word, language))
                words.Add(word.ToString());
        }

        return string.Join(' ', words);
    }

    private static bool IsStopWord(ReadOnlySpan<char> word, string language) => language == English && StopWords.Contains(word);

    private static bool TakeWord(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> word)
    {
        var start = Skip(rest, ofWords: false);
        var length = Skip(rest[start..], ofWords: true);
        word = rest.Slice(start, length);
        rest = rest[(start + length)..];
        return length > 0;
    }

    /// <returns>How many characters at the start are all of words, or all between words.</returns>
    private static int Skip(ReadOnlySpan<char> text, bool ofWords)
    {
        var at = 0;
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            if (IsOfWord(rune) != ofWords)
                break;
            at += length;
        }

        return at;
    }

    private static bool IsOfWord(Rune rune) =>
        rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.GetUnicodeCategory(rune)
            is <= UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse;
}
