using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>match.text</c> and <c>match.phrase</c>: without a text index both look for a part of the text, its case regarded.</summary>
/// <param name="kind">Which of the two it is.</param>
internal sealed class MatchText(string kind, string part) : ElementCheck
{
    protected override bool PassesOne(PayloadValue value) => value.TryGetText(out var text) && text.Contains(part, StringComparison.Ordinal);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("match");
        writer.WriteString(kind, part);
        writer.WriteEndObject();
    }
}

/// <summary><c>match.text_any</c>: one of the words, split at blanks, is a part of the text. No words find nothing.</summary>
internal sealed class MatchTextAny(string words) : ElementCheck
{
    private readonly string[] _words = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How many words are looked for.</summary>
    public int Count => _words.Length;

    public override bool NeverPasses => _words.Length == 0;

    protected override bool PassesOne(PayloadValue value)
    {
        if (!value.TryGetText(out var text))
            return false;

        foreach (var word in _words)
        {
            if (text.Contains(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("match");
        writer.WriteString("text_any", words);
        writer.WriteEndObject();
    }
}
