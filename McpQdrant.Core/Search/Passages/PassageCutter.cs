using System.Buffers;
using System.Numerics;
using McpQdrant.Core.Search.Keywords;

namespace McpQdrant.Core.Search.Passages;

/// <summary>Cuts a long text into passages at the ends of sentences and lines. The same text always gives the same passages, so no store keeps where they are.</summary>
/// <remarks>
/// Measured on 140 memories of 1,700 words (nDCG@10 of all three rankings): passages of about 60 words 0.554, those that end with their paragraph 0.562. Texts that the model reads whole aren't cut, since
/// that makes them harder to find (Cranfield, nDCG@10: 0.562 whole, 0.549 cut).
/// </remarks>
public static class PassageCutter
{
    /// <summary>Of one text. A text of 1 MB is then searched by passages of about 170 words.</summary>
    public const int MaxPassages = 2000;

    private const int MinWords = 60;
    private const int MaxWords = 110;

    /// <summary>A longer sentence isn't repeated in the next passage, and a longer first line is no title.</summary>
    private const int MaxOverlapWords = 40;
    private const int MaxTitleWords = 25;

    /// <summary>UTF-16 units that count as a word within a word: keys, addresses and data without spaces must not make a passage of any length.</summary>
    private const int LongWord = AsciiWords.Units;

    private static readonly SearchValues<char> Ends = SearchValues.Create("\n.!?…。！？؟।");

    /// <returns>In the order of the text, each starting and ending with something that is no space; none for a blank text.</returns>
    public static IReadOnlyList<Passage> Cut(string text)
    {
        for (var size = 1; ; size *= 2)
        {
            var passages = Join(Sentences(text, MaxWords * size), MinWords * size, MaxWords * size);
            if (passages.Count <= MaxPassages)
                return passages;
        }
    }

    /// <summary>What the model reads of each passage: the text's first line before it, if that is a title or a date, and no sentence.</summary>
    /// <remarks>Leading passages with a sentence of another subject makes them harder to find (nDCG@10 on long memories, dense: 0.487 without, 0.408 with).</remarks>
    public static IReadOnlyList<string> ForModel(string text, IReadOnlyList<Passage> passages)
    {
        var title = Title(text);
        return [.. passages.Select(passage => title.End > 0 && passage.Start >= title.End
            ? $"{title.In(text)}\n{passage.In(text)}"
            : passage.In(text).ToString())];
    }

    private static Passage Title(string text)
    {
        var start = Trim(text, 0, text.Length).Start;
        var end = text.IndexOf('\n', start);
        var line = end < 0 ? default : Trim(text, start, end);
        return line.End > 0 && text[line.End - 1] is not ('.' or '!' or '?' or '。' or '！' or '？') && CountWords(line.In(text)) <= MaxTitleWords ? line : default;
    }

    private static List<Passage> Join(List<Sentence> sentences, int minWords, int maxWords)
    {
        var passages = new List<Passage>();
        for (var first = 0; first < sentences.Count;)
        {
            var next = first;
            var words = 0;
            while (next < sentences.Count && (next == first || (words < minWords && words + sentences[next].Words <= maxWords && !(sentences[next].IsFirst && words >= minWords / 2))))
                words += sentences[next++].Words;
            passages.Add(new Passage(sentences[first].Start, sentences[next - 1].End));
            if (next == sentences.Count)
                break;

            var repeated = sentences[next - 1].Words;
            first = next - 1 > first && !sentences[next].IsFirst && repeated <= MaxOverlapWords && repeated + sentences[next].Words <= maxWords ? next - 1 : next;
        }

        return passages;
    }

    private static List<Sentence> Sentences(string text, int maxWords)
    {
        var sentences = new List<Sentence>();
        var start = 0;
        for (var i = 0; text.AsSpan(i).IndexOfAny(Ends) is var next and >= 0; i++)
        {
            i += next;
            if (!IsEnd(text, i))
                continue;
            Add(text, start, i + 1, maxWords, sentences);
            start = i + 1;
        }

        Add(text, start, text.Length, maxWords, sentences);
        return sentences;
    }

    /// <param name="at">Where one of <see cref="Ends"/> is.</param>
    private static bool IsEnd(string text, int at) => text[at] is not ('.' or '!' or '?' or '…') || (at + 1 < text.Length && char.IsWhiteSpace(text[at + 1]));

    private static void Add(string text, int start, int end, int maxWords, List<Sentence> sentences)
    {
        var whole = Trim(text, start, end);
        if (whole.Start == whole.End)
            return;

        var isFirst = sentences.Count > 0 && text.AsSpan(sentences[^1].End, whole.Start - sentences[^1].End).Count('\n') > 1;
        var words = CountWords(whole.In(text));
        if (words <= maxWords)
        {
            sentences.Add(new Sentence(whole.Start, whole.End, words, isFirst));
            return;
        }

        // No sentence is so long: a table, a log, or a script without full stops.
        for (var from = whole.Start; from < whole.End;)
        {
            var part = Trim(text, from, TakeWords(text, from, whole.End, maxWords / 2));
            sentences.Add(new Sentence(part.Start, part.End, CountWords(part.In(text)), isFirst && part.Start == whole.Start));
            from = Trim(text, part.End, whole.End).Start;
        }
    }

    /// <returns>Where so many words end; always behind <paramref name="start"/>, and never within a character.</returns>
    private static int TakeWords(string text, int start, int end, int words)
    {
        var count = 0;
        var length = 0;
        for (var i = start; i < end; i++)
        {
            var isWord = IsWordUnit(text[i]);
            length = isWord && !KeywordText.IsUnspaced(text[i]) ? length + 1 : 0;
            if (!isWord || (length > 1 && length % LongWord != 1))
                continue;
            if (++count > words && !char.IsLowSurrogate(text[i]))
                return i;
        }

        return end;
    }

    internal static int CountWords(ReadOnlySpan<char> text)
    {
        var count = 0;
        var length = 0;
        while (text.Length > 0)
        {
            if (AsciiWords.TryRead(text, out var units))
            {
                // A word may go on from before; of those that begin here none is longer than a long one.
                var continued = length == 0 ? 0 : BitOperations.TrailingZeroCount(~units);
                count += WordsIn(length + continued) - WordsIn(length) + BitOperations.PopCount(AsciiWords.Starts(units, isInWord: length > 0));
                var last = BitOperations.LeadingZeroCount(~(units << (32 - AsciiWords.Units)));
                length = last == AsciiWords.Units ? length + last : last;
                text = text[AsciiWords.Units..];
                continue;
            }

            foreach (var unit in text[..Math.Min(text.Length, AsciiWords.Units)])
            {
                var isWord = IsWordUnit(unit);
                length = isWord && !KeywordText.IsUnspaced(unit) ? length + 1 : 0;
                if (isWord && (length <= 1 || length % LongWord == 1))
                    count++;
            }
            text = text[Math.Min(text.Length, AsciiWords.Units)..];
        }

        return count;
    }

    private static int WordsIn(int length) => (length + LongWord - 1) / LongWord;

    private static bool IsWordUnit(char unit) => unit < 128 ? char.IsAsciiLetterOrDigit(unit) : char.IsLetterOrDigit(unit) || char.IsSurrogate(unit);

    private static Passage Trim(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return new Passage(start, end);
    }

    /// <param name="IsFirst">Whether a blank line is before it: what follows may be about something else.</param>
    private readonly record struct Sentence(int Start, int End, int Words, bool IsFirst);
}
