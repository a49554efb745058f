using System.Numerics;
using System.Text;
using McpQdrant.Core.Search.Keywords;

namespace McpQdrant.Core.Search.Passages;

/// <summary>BM25 of passages among the candidates of one search: how rare a word is counts among their passages. Measured, that is as good as among all memories.</summary>
/// <remarks>It reads each candidate's text once, and makes no strings: a word of a text is looked at closer only if a word of the question begins as it does.</remarks>
internal sealed class PassageKeywords
{
    // Qdrant's defaults, as for whole texts.
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;

    /// <summary>Whoever pastes a page as a question means its subject.</summary>
    private const int MaxQueryWords = 64;

    /// <summary>Beginnings of words that are told apart.</summary>
    private const int Beginnings = 1024;

    /// <summary>Longer words are compared by their beginning.</summary>
    private const int MaxWord = 64;

    private readonly bool _isEnglish;
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<PassageTerms> _passages = [];
    private readonly List<int> _passagesWith = [];
    private readonly bool[] _beginnings = new bool[Beginnings];
    private long _words;
    private int _candidates;

    /// <param name="query">As it was asked.</param>
    public PassageKeywords(string query, string language)
    {
        _isEnglish = language == StopWords.English;
        _lookup = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> buffer = stackalloc char[MaxWord];
        var words = new WordReader(KeywordText.Of(query));
        while (_terms.Count < MaxQueryWords && words.Next(out var word))
        {
            if (StopWords.Contains(word, language))
                continue;
            var term = Normalize(word, buffer);
            if (_lookup.TryAdd(term, _terms.Count))
                _passagesWith.Add(0);
            _beginnings[Beginning(word)] = true;
        }
    }

    /// <summary>Whether the question has any words to look for.</summary>
    public bool IsEmpty => _terms.Count == 0;

    /// <summary>Reads a candidate's passages. The candidates are numbered in the order they are added.</summary>
    public void Add(string text, IReadOnlyList<Passage> passages)
    {
        foreach (var passage in passages)
        {
            var (counts, words) = Read(passage.In(text));
            _passages.Add(new PassageTerms(_candidates, passage, counts, words));
            _words += words;
            for (var term = 0; term < counts.Length; term++)
                _passagesWith[term] += counts[term] > 0 ? 1 : 0;
        }

        _candidates++;
    }

    /// <summary>The best passage of each candidate that has a word of the question, in the order they were added.</summary>
    public IEnumerable<(int Candidate, double Score, Passage Passage)> Best()
    {
        var average = _passages.Count == 0 ? 1 : Math.Max(1, (double)_words / _passages.Count);
        double[] rarity = [.. _passagesWith.Select(found => Math.Log(1 + (_passages.Count - found + 0.5) / (found + 0.5)))];
        return _passages
            .GroupBy(passage => passage.Candidate)
            .Select(all => all.Select(passage => (all.Key, Score: Score(passage, rarity, average), passage.Passage)).MaxBy(passage => passage.Score))
            .Where(best => best.Score > 0);
    }

    private static double Score(PassageTerms passage, double[] rarity, double average)
    {
        var score = 0.0;
        for (var term = 0; term < passage.Counts.Length; term++)
        {
            var count = passage.Counts[term];
            if (count > 0)
                score += rarity[term] * count * (Saturation + 1) / (count + Saturation * (1 - LengthWeight + LengthWeight * passage.Words / average));
        }

        return score;
    }

    private (int[] Counts, int Words) Read(ReadOnlySpan<char> passage) => Ascii.IsValid(passage) ? ReadAscii(passage) : ReadAny(passage);

    /// <summary>Most words are passed over with a look at their first two letters.</summary>
    private (int[] Counts, int Words) ReadAscii(ReadOnlySpan<char> passage)
    {
        Span<char> buffer = stackalloc char[MaxWord];
        int[]? counts = null;
        var length = 0;
        var isInWord = false;
        for (var at = 0; at < passage.Length; at += AsciiWords.Units)
        {
            var units = AsciiWords.Read(passage[at..]);
            var starts = AsciiWords.Starts(units, isInWord);
            isInWord = AsciiWords.EndsInWord(units);
            length += BitOperations.PopCount(starts);
            for (; starts != 0; starts &= starts - 1)
            {
                var rest = passage[(at + BitOperations.TrailingZeroCount(starts))..];
                if (_beginnings[Beginning(rest)] && _lookup.TryGetValue(Normalize(AsciiWords.First(rest), buffer), out var term))
                    (counts ??= new int[_terms.Count])[term]++;
            }
        }

        return (counts ?? [], length);
    }

    private (int[] Counts, int Words) ReadAny(ReadOnlySpan<char> passage)
    {
        Span<char> buffer = stackalloc char[MaxWord];
        int[]? counts = null;
        var length = 0;
        var words = new WordReader(KeywordText.Of(passage));
        while (words.Next(out var word))
        {
            if (_beginnings[Beginning(word)] && _lookup.TryGetValue(Normalize(word, buffer), out var term))
                (counts ??= new int[_terms.Count])[term]++;
            length++;
        }

        return (counts ?? [], length);
    }

    /// <summary>In lower case and, in English, without endings.</summary>
    private ReadOnlySpan<char> Normalize(ReadOnlySpan<char> word, Span<char> buffer)
    {
        var length = Math.Min(word.Length, buffer.Length);
        word[..length].ToLowerInvariant(buffer);
        var isAscii = Ascii.IsValid(buffer[..length]);
        return buffer[..(_isEnglish && isAscii ? EnglishStem.Shorten(buffer[..length]) : length)];
    }

    /// <summary>A number for the first two characters of a word, which no normalization changes but for their case.</summary>
    /// <param name="word">More may follow it.</param>
    private static int Beginning(ReadOnlySpan<char> word) =>
        ((Lower(word[0]) << 5) ^ (word.Length > 1 && (word[1] > 127 || char.IsAsciiLetterOrDigit(word[1])) ? Lower(word[1]) : 0)) & (Beginnings - 1);

    private static int Lower(char unit) => unit < 128 ? unit | 0x20 : char.ToLowerInvariant(unit);

    /// <param name="Counts">How often each term occurs; empty where none does.</param>
    /// <param name="Words">How many it has, stop words included: only how long passages are beside each other matters.</param>
    private readonly record struct PassageTerms(int Candidate, Passage Passage, int[] Counts, int Words);
}
