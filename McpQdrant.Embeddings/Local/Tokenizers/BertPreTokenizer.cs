using System.Buffers;
using System.Globalization;
using System.Text;

namespace McpQdrant.Embeddings.Local.Tokenizers;

/// <summary>Splits a text into words as BERT does: cleaned, in lower case and without accents where the model wants it.</summary>
/// <remarks>
/// The rules are those of the BERT normalizer and pre-tokenizer of Hugging Face's tokenizers: control and format characters go,
/// each ideograph and each punctuation mark is a word of its own, symbols of ASCII count as punctuation.
/// </remarks>
/// <param name="lowerCase">Whether case is folded.</param>
/// <param name="bases">What takes accents off; null where they stay.</param>
/// <param name="splitIdeographs">Whether each ideograph is a word.</param>
internal sealed class BertPreTokenizer(bool lowerCase, DiacriticFolding? bases, bool splitIdeographs)
{
    // No vocabulary has words this long: how they go on doesn't matter, and a text without blanks must not be copied whole.
    private const int LongestWord = 512;

    private static readonly Rune Blank = new(' ');

    /// <summary>The words in order. Each is gone when the next one is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<char>> Split(string text)
    {
        var word = new ArrayBufferWriter<char>(LongestWord);
        foreach (var character in Normalize(text))
        {
            var standsAlone = IsPunctuation(character);
            if (word.WrittenCount > 0 && (standsAlone || character == Blank))
            {
                yield return word.WrittenMemory;
                word.ResetWrittenCount();
            }

            if (character == Blank)
                continue;

            if (word.WrittenCount < LongestWord - 1)
                word.Advance(character.EncodeToUtf16(word.GetSpan(2)));
            if (standsAlone)
            {
                yield return word.WrittenMemory;
                word.ResetWrittenCount();
            }
        }

        if (word.WrittenCount > 0)
            yield return word.WrittenMemory;
    }

    private IEnumerable<Rune> Normalize(string text)
    {
        foreach (var character in text.EnumerateRunes())
        {
            if (IsDropped(character))
                continue;

            var isWord = splitIdeographs && IsIdeograph(character.Value);
            if (isWord)
                yield return Blank;

            if (Rune.IsWhiteSpace(character))
                yield return Blank;
            else if (bases?.Of(character) is { } parts)
                foreach (var part in parts.EnumerateRunes())
                    yield return Fold(part);
            else if (bases is null || Rune.GetUnicodeCategory(character) is not UnicodeCategory.NonSpacingMark)
                yield return Fold(character);

            if (isWord)
                yield return Blank;
        }
    }

    private Rune Fold(Rune character) => lowerCase ? Rune.ToLowerInvariant(character) : character;

    private static bool IsDropped(Rune character) => character.Value switch
    {
        '\t' or '\n' or '\r' => false,
        0xFFFD => true,
        < 0x7F => character.Value < ' ',
        _ => Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse,
    };

    private static bool IsPunctuation(Rune character) =>
        character.IsAscii ? !Rune.IsLetterOrDigit(character) && character != Blank : Rune.IsPunctuation(character);

    /// <summary>The blocks that BERT counts as Chinese; kana and Hangul are written with blanks or by syllables and aren't among them.</summary>
    private static bool IsIdeograph(int code) => code is
        >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F
        or >= 0x2B740 and <= 0x2B81F or >= 0x2B820 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;
}
