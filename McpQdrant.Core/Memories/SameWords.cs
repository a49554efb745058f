namespace McpQdrant.Core.Memories;

/// <summary>Whether two texts consist of the same words, so that one of them can be left out without losing a fact.</summary>
/// <remarks>
/// Vectors can't tell that: texts that differ in one digit or in a "not" lie close together, and a model that can't read a script gives all its
/// texts one vector. Order, blanks, punctuation around words and a capital at a word's start don't count; everything else does, emoji too.
/// </remarks>
internal static class SameWords
{
    private const string Punctuation = ".,;:!?…\"'“”‘’«»()[]{}。、，！？：；「」（）";

    public static bool Are(string one, string other) => WordsOf(one).SequenceEqual(WordsOf(other), StringComparer.Ordinal);

    private static List<string> WordsOf(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => WithoutCapital(word.Trim(Punctuation.ToCharArray())))
            .Where(word => word.Length > 0)
            .ToList();
        words.Sort(StringComparer.Ordinal);
        return words;
    }

    /// <summary>"The" and "the" are one word; "US" and "us", or a password in another case, are not.</summary>
    private static string WithoutCapital(string word) =>
        word.Length > 0 && char.IsUpper(word[0]) && word.Skip(1).All(char.IsLower) ? word.ToLowerInvariant() : word;
}
