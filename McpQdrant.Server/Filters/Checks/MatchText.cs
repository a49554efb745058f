using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

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
