using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>match.value</c>: the same text, integer or boolean, with nothing folded or converted.</summary>
internal sealed class MatchValue(PayloadValue expected) : ElementCheck
{
    protected override bool PassesOne(PayloadValue value) => value.Is(expected);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("match");
        if (expected.TryGetText(out var text))
            writer.WriteString("value", text);
        else if (expected.TryGetInteger(out var integer))
            writer.WriteNumber("value", integer);
        else if (expected.TryGetBoolean(out var boolean))
            writer.WriteBoolean("value", boolean);
        writer.WriteEndObject();
    }
}
