using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

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
