using System.Globalization;
using System.Text;

namespace McpQdrant.Embeddings.Local.Tokenizers;

/// <summary>What is left of a character without its accents: é is e.</summary>
/// <remarks>
/// Canonical decomposition by a table, since the process runs without ICU and <see cref="string.Normalize()"/> then leaves
/// everything but ASCII as it is. The order of combining marks is not put right: the marks that it would order are removed.
/// </remarks>
internal sealed class DiacriticFolding
{
    // Hangul syllables decompose by arithmetic: Unicode Standard, section 3.12.
    private const int HangulFirst = 0xAC00, HangulLast = 0xD7A3, LeadFirst = 0x1100, VowelFirst = 0x1161, TailFirst = 0x11A7, Vowels = 21, Tails = 28;

    private readonly Dictionary<int, string> _bases;

    private DiacriticFolding(Dictionary<int, string> bases) => _bases = bases;

    public static DiacriticFolding Load()
    {
        var bases = new Dictionary<int, string>(capacity: 2200);
        using var reader = new StreamReader(typeof(DiacriticFolding).Assembly.GetManifestResourceStream("DiacriticFolding.txt")!);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#'))
                Add(bases, line);
        return new DiacriticFolding(bases);
    }

    /// <summary>The characters that a character decomposes into; null where it is its own base.</summary>
    public string? Of(Rune character)
    {
        if (character.Value < 0xC0)
            return null;
        return character.Value is >= HangulFirst and <= HangulLast
            ? Jamo(character.Value - HangulFirst)
            : _bases.GetValueOrDefault(character.Value);
    }

    private static string Jamo(int syllable)
    {
        var lead = (char)(LeadFirst + syllable / (Vowels * Tails));
        var vowel = (char)(VowelFirst + syllable % (Vowels * Tails) / Tails);
        var tail = syllable % Tails;
        return tail == 0 ? $"{lead}{vowel}" : $"{lead}{vowel}{(char)(TailFirst + tail)}";
    }

    private static void Add(Dictionary<int, string> bases, string line)
    {
        var codes = line.Split(' ');
        var text = new StringBuilder();
        foreach (var code in codes.AsSpan(1))
            text.Append(new Rune(CodePoint(code)));
        bases.Add(CodePoint(codes[0]), text.ToString());
    }

    private static int CodePoint(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
