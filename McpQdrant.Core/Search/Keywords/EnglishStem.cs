namespace McpQdrant.Core.Search.Keywords;

/// <summary>Brings the forms of an English word together: <c>deploys</c>, <c>deployed</c> and <c>deploying</c> are one. M. F. Porter, An algorithm for suffix stripping, 1980.</summary>
internal static class EnglishStem
{
    private static readonly (string From, string To)[] Second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"), ("entli", "ent"),
        ("ousli", "ous"), ("eli", "e"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"),
        ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ];

    private static readonly (string From, string To)[] Third =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] Fourth =
        ["ance", "ence", "able", "ible", "ement", "ment", "ent", "ant", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic", "ou"];

    /// <summary>Shortens a word to its stem, in its place.</summary>
    /// <param name="word">In lower case. Its characters are overwritten.</param>
    /// <returns>The length of the stem.</returns>
    public static int Shorten(Span<char> word)
    {
        if (word.Length < 3)
            return word.Length;

        var length = Plural(word, word.Length);
        length = PastAndParticiple(word, length);
        // Porter's later rule: so that "deployed" ends as "deployment" does.
        if (word[length - 1] == 'y' && length > 2 && IsConsonant(word, length - 2))
            word[length - 1] = 'i';
        length = Replace(word, length, Second);
        length = Replace(word, length, Third);
        length = Remove(word, length);
        return Tidy(word, length);
    }

    private static int Plural(Span<char> word, int length) => word[..length] switch
    {
        [.., 's', 's', 'e', 's'] or [.., 'i', 'e', 's'] => length - 2,
        [.., 's', 's'] => length,
        [.., 's'] => length - 1,
        _ => length,
    };

    private static int PastAndParticiple(Span<char> word, int length)
    {
        if (word[..length].EndsWith("eed"))
            return Measure(word[..(length - 3)]) > 0 ? length - 1 : length;

        var stem = word[..length].EndsWith("ed") ? length - 2 : word[..length].EndsWith("ing") ? length - 3 : 0;
        if (stem <= 0 || !HasVowel(word[..stem]))
            return length;

        var cut = word[..stem];
        var lacksE = cut.EndsWith("at") || cut.EndsWith("bl") || cut.EndsWith("iz");
        if (!lacksE && EndsDouble(cut) && cut[^1] is not ('l' or 's' or 'z'))
            return stem - 1;
        if (!lacksE && !(Measure(cut) == 1 && EndsShort(cut)))
            return stem;

        word[stem] = 'e';
        return stem + 1;
    }

    private static int Replace(Span<char> word, int length, (string From, string To)[] endings)
    {
        foreach (var (from, to) in endings)
        {
            if (!word[..length].EndsWith(from))
                continue;
            if (Measure(word[..(length - from.Length)]) == 0)
                return length;
            to.CopyTo(word[(length - from.Length)..]);
            return length - from.Length + to.Length;
        }

        return length;
    }

    private static int Remove(Span<char> word, int length)
    {
        foreach (var ending in Fourth)
        {
            if (!word[..length].EndsWith(ending))
                continue;
            var stem = word[..(length - ending.Length)];
            return Measure(stem) > 1 && (ending != "ion" || stem[^1] is 's' or 't') ? stem.Length : length;
        }

        return length;
    }

    private static int Tidy(Span<char> word, int length)
    {
        if (word[length - 1] == 'e')
        {
            var stem = word[..(length - 1)];
            var measure = Measure(stem);
            if (measure > 1 || (measure == 1 && !EndsShort(stem)))
                length--;
        }

        return word[length - 1] == 'l' && EndsDouble(word[..length]) && Measure(word[..length]) > 1 ? length - 1 : length;
    }

    /// <summary>How often consonants follow vowels.</summary>
    private static int Measure(ReadOnlySpan<char> word)
    {
        var count = 0;
        for (var i = 1; i < word.Length; i++)
            count += IsConsonant(word, i) && !IsConsonant(word, i - 1) ? 1 : 0;
        return count;
    }

    private static bool HasVowel(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (!IsConsonant(word, i))
                return true;
        }

        return false;
    }

    private static bool EndsDouble(ReadOnlySpan<char> word) => word.Length > 1 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    /// <summary>Whether it ends as <c>hop</c> does, which lost an e in <c>hoping</c>.</summary>
    private static bool EndsShort(ReadOnlySpan<char> word) => word.Length > 2
        && IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1) && word[^1] is not ('w' or 'x' or 'y');

    private static bool IsConsonant(ReadOnlySpan<char> word, int at) => word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(word, at - 1),
        _ => true,
    };
}
