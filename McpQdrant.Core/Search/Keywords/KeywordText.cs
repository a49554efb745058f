using System.Globalization;
using System.Text;

namespace McpQdrant.Core.Search.Keywords;

/// <summary>
/// Makes of a text, or of a question, what both stores index as keywords. Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese are written without
/// spaces, or with endings that stick to the word, so their runs become overlapping pairs of characters; all other words stay as they are.
/// </summary>
/// <remarks>
/// <c>腾讯云ERR4711</c> becomes <c>腾讯 讯云 ERR4711</c>: <c>腾讯云</c> and <c>ERR4711</c> are both found. Vowel signs and tone marks are left out of
/// the pairs, because tokenizers split at them.
/// </remarks>
public static class KeywordText
{
    private const char FirstUnspaced = '\u0E00';

    // The first halves of what lies beyond 16 bits.
    private const char KanaSurrogate = '\uD82C';
    private const char FirstHanSurrogate = '\uD840';
    private const char LastHanSurrogate = '\uD8BF';

    /// <summary>In UTF-16 units. Shorter words are the same with and without pairs.</summary>
    private const int LongestPair = 2;

    public static string Of(string text) => FindUnspaced(text) is var first and >= 0 ? Write(text, first) : text;

    /// <inheritdoc cref="Of(string)"/>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text) => FindUnspaced(text) is var first and >= 0 ? Write(text, first) : text;

    /// <summary>Whether keywords of this text are other than its words.</summary>
    public static bool HasPairs(string text) => FindUnspaced(text) >= 0;

    /// <summary>The words that a question is asked by.</summary>
    /// <param name="hasPairs">
    /// Whether all keywords of the collection were made as here, see <see cref="Collections.Bm25Options.HasPairs"/>. Otherwise the words are asked for
    /// as they are too, since older memories have them so.
    /// </param>
    public static string OfQuestion(string question, bool hasPairs)
    {
        var text = Of(question);
        if (hasPairs || ReferenceEquals(text, question))
            return text;

        var asked = new StringBuilder(text);
        var words = new WordReader(question);
        while (words.Next(out var word))
        {
            if (word.Length > LongestPair && FindUnspaced(word) >= 0)
                asked.Append(' ').Append(word);
        }

        return asked.ToString();
    }

    /// <returns>Before which character there is nothing to be changed; -1 for nothing at all.</returns>
    private static int FindUnspaced(ReadOnlySpan<char> text)
    {
        // Dashes and quotation marks of other texts lie in the range too.
        for (var at = 0; text[at..].IndexOfAnyInRange(FirstUnspaced, '\uFFDC') is var next and >= 0; at++)
        {
            at += next;
            if (IsUnspaced(text[at]) || text[at] is KanaSurrogate or (>= FirstHanSurrogate and <= LastHanSurrogate))
                return at;
        }

        return -1;
    }

    private static string Write(ReadOnlySpan<char> text, int first)
    {
        var keywords = new StringBuilder(text.Length * 2).Append(text[..first]);
        var run = new List<Rune>();
        for (var at = first; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            var isUnspaced = IsUnspaced(rune);
            if (isUnspaced && Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.LetterNumber)
                run.Add(rune);
            else if (!isUnspaced || !IsMark(rune))
            {
                Append(keywords, run);
                keywords.Append(text.Slice(at, length));
            }
            at += length;
        }

        Append(keywords, run);
        return keywords.ToString();
    }

    /// <summary>Whether a UTF-16 unit is of a script whose words are found by pairs of characters.</summary>
    public static bool IsUnspaced(char unit) => unit >= FirstUnspaced && unit switch
    {
        <= '\u0EFF' => true,                          // Thai, Lao
        >= '\u1000' and <= '\u109F' => true,          // Myanmar
        >= '\u1100' and <= '\u11FF' => true,          // Hangul Jamo
        >= '\u1780' and <= '\u17FF' => true,          // Khmer
        '\u3005' or '\u3007' => true,                 // 々〇
        >= '\u3040' and <= '\u318F' => true,          // Hiragana, Katakana, Bopomofo, Hangul Compatibility Jamo
        >= '\u31A0' and <= '\u31FF' => true,          // their extensions
        >= '\u3400' and <= '\u4DBF' => true,          // Han
        >= '\u4E00' and <= '\u9FFF' => true,
        >= '\uA960' and <= '\uA97F' => true,          // Hangul Jamo
        >= '\uA9E0' and <= '\uA9FF' => true,          // Myanmar
        >= '\uAA60' and <= '\uAA7F' => true,
        >= '\uAC00' and <= '\uD7FF' => true,          // Hangul
        >= '\uF900' and <= '\uFAFF' => true,          // Han
        >= '\uFF66' and <= '\uFFDC' => true,          // half-width Katakana and Hangul
        _ => false,
    };

    private static bool IsUnspaced(Rune rune) => rune.IsBmp ? IsUnspaced((char)rune.Value) : rune.Value is >= 0x20000 and <= 0x3FFFF or >= 0x1B000 and <= 0x1B16F;

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Appends the pairs of a run, or its only character, and empties it.</summary>
    private static void Append(StringBuilder keywords, List<Rune> run)
    {
        if (run.Count == 0)
            return;

        keywords.Append(' ');
        if (run.Count == 1)
            keywords.Append(run[0]).Append(' ');
        for (var i = 1; i < run.Count; i++)
            keywords.Append(run[i - 1]).Append(run[i]).Append(' ');
        run.Clear();
    }
}
