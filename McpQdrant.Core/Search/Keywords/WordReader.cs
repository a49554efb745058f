using System.Globalization;
using System.Text;

namespace McpQdrant.Core.Search.Keywords;

/// <summary>Takes one word after the other out of a text, as SQLite's <c>unicode61</c> tokenizer splits it.</summary>
public ref struct WordReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <returns>False at the end of the text.</returns>
    public bool Next(out ReadOnlySpan<char> word)
    {
        var start = Skip(_rest, ofWords: false);
        var length = Skip(_rest[start..], ofWords: true);
        word = _rest.Slice(start, length);
        _rest = _rest[(start + length)..];
        return length > 0;
    }

    /// <returns>How many characters at the start are all of words, or all between words.</returns>
    private static int Skip(ReadOnlySpan<char> text, bool ofWords)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsAscii(text[at]))
            {
                if (char.IsAsciiLetterOrDigit(text[at]) != ofWords)
                    break;
                at++;
                continue;
            }

            Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            if (IsOfWord(rune) != ofWords)
                break;
            at += length;
        }

        return at;
    }

    private static bool IsOfWord(Rune rune) => Rune.GetUnicodeCategory(rune)
        is <= UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse;
}
