using System.Collections.Frozen;

namespace McpQdrant.Core.Search.Keywords;

/// <summary>English words that say nothing about a text. They are not looked for, and not counted.</summary>
public static class StopWords
{
    /// <summary>The language, as <see cref="Collections.Bm25Options.Language"/> names it, that has any.</summary>
    public const string English = "english";

    // NLTK's English stop words after splitting at apostrophes ("don't" is "don" and "t"): those that Qdrant 1.18 drops.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words =
        """
        a about above after again against ain all am an and any are aren as at be because been before being below between both but by can
        couldn d did didn do does doesn doing don down during each few for from further had hadn has hasn have haven having he her here hers
        herself him himself his how i if in into is isn it its itself just ll m ma me mightn more most mustn my myself needn no nor not now o
        of off on once only or other our ours ourselves out over own re s same shan she should shouldn so some such t than that the their
        theirs them themselves then there these they this those through to too under until up ve very was wasn we were weren what when where
        which while who whom why will with won wouldn y you your yours yourself yourselves
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word, string language) => language == English && Words.Contains(word);
}
