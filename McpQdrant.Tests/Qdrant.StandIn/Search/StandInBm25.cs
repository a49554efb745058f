using System.Globalization;
using System.Text;
using System.Text.Json;
using Lucene.Net.Tartarus.Snowball.Ext;

namespace McpQdrant.Tests.Qdrant;

/// <summary>A text as weights of words, as Qdrant's own model <c>qdrant/bm25</c> makes them.</summary>
/// <remarks>
/// Split at what is neither letter nor number, lower case, without NLTK's English stop words, Snowball English (an older one, as Qdrant
/// has it), murmur3. Left out: other languages than English (unknown ones count as none, as they do in Qdrant), other tokenizers,
/// stop words of one's own, folding; and letters that Unicode only calls alphabetic, such as the vowel signs of Indian scripts.
/// </remarks>
internal static class StandInBm25
{
    private static readonly HashSet<string> StopWords = [.. """
        i me my myself we our ours ourselves you you're you've you'll you'd your yours yourself yourselves he him his himself she she's her hers
        herself it it's its itself they them their theirs themselves what which who whom this that that'll these those am is are was were be been
        being have has had having do does did doing a an the and but if or because as until while of at by for with about against between into
        through during before after above below to from up down in out on off over under again further then once here there when where why how
        all any both each few more most other some such no nor not only own same so than too very s t can will just don don't should should've
        now d ll m o re ve y ain aren aren't couldn couldn't didn didn't doesn doesn't hadn hadn't hasn hasn't haven haven't isn isn't ma mightn
        mightn't mustn mustn't needn needn't shan shan't shouldn shouldn't wasn wasn't weren weren't won won't wouldn wouldn't
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    private static readonly HashSet<string> Unplayed =
        ["tokenizer", "lowercase", "ascii_folding", "stopwords", "stemmer", "min_token_len", "max_token_len"];

    /// <summary>Whether the text's model is this one: the name may be spelled in two ways, in any case.</summary>
    public static bool IsNamed(string model) => model.ToLowerInvariant() is "qdrant/bm25" or "bm25";

    /// <summary>The weights of a memory's words.</summary>
    public static SparseVector OfDocument(string text, JsonElement? options)
    {
        if (options is { } given && given.EnumerateObject().Any(option => Unplayed.Contains(option.Name)))
            throw StandInFailure.NotPlayed("BM25 options but k, b, avg_len and language");

        var (k, b, averageLength) = (Number(options, "k", 1.2), Number(options, "b", 0.75), Number(options, "avg_len", 256));
        if (!double.IsFinite(k) || k < 0)
            throw StandInFailure.WrongInput(string.Create(CultureInfo.InvariantCulture, $"BM25 k1 must be finite and >= 0, got {k}"));
        if (b is not (>= 0 and <= 1))
            throw StandInFailure.WrongInput(string.Create(CultureInfo.InvariantCulture, $"BM25 b must be finite and in [0.0, 1.0], got {b}"));
        if (!double.IsFinite(averageLength) || averageLength <= 0)
            throw StandInFailure.WrongInput(string.Create(CultureInfo.InvariantCulture, $"BM25 avg_doc_len must be finite and > 0, got {averageLength}"));

        var words = Words(text, options);
        return SparseVector.Of(words.GroupBy(word => word).Select(word =>
            (word.Key, (float)(word.Count() * (k + 1) / (word.Count() + k * (1 - b + b * words.Count / averageLength))))));
    }

    /// <summary>The words of a question, each once and with the weight one.</summary>
    public static SparseVector OfQuery(string text, JsonElement? options)
    {
        _ = OfDocument("", options); // The options are checked for questions too.
        return SparseVector.Of(Words(text, options).Distinct().Select(word => (word, 1f)));
    }

    /// <summary>The word's number, or null for a stop word.</summary>
    public static uint? IndexOf(string word, bool isEnglish)
    {
        if (!isEnglish)
            return Index(word);
        if (StopWords.Contains(word))
            return null;

        var stemmer = new EnglishStemmer();
        stemmer.SetCurrent(word);
        stemmer.Stem();
        return Index(stemmer.Current);
    }

    private static List<uint> Words(string text, JsonElement? options)
    {
        var isEnglish = (options is { } given && given.TryGetProperty("language", out var language) ? language.GetString() : "english") switch
        {
            "english" or "en" => true,
            "german" or "japanese" => throw StandInFailure.NotPlayed("languages but English"),
            _ => false,
        };
        return [.. Tokens(text).Select(token => IndexOf(Lower(token), isEnglish)).OfType<uint>()];
    }

    private static IEnumerable<string> Tokens(string text)
    {
        var token = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsAlphanumeric(rune))
            {
                token.Append(rune);
                continue;
            }
            if (token.Length > 0)
                yield return token.ToString();
            token.Clear();
        }
        if (token.Length > 0)
            yield return token.ToString();
    }

    private static bool IsAlphanumeric(Rune rune) => Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Unicode's lower case, which for the Turkish İ is two characters.</summary>
    private static string Lower(string token) => token.Replace("İ", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    private static uint Index(string word) => (uint)Math.Abs((long)(int)Murmur3.Hash(Encoding.UTF8.GetBytes(word)));

    private static double Number(JsonElement? options, string name, double otherwise)
    {
        if (options is not { } given || !given.TryGetProperty(name, out var value))
            return otherwise;
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw StandInFailure.WrongInput(
            $"Invalid BM25 config: Error(\"invalid type: string \\\"{value}\\\", expected f64\", line: 0, column: 0)");
    }
}
