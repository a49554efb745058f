using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

/// <summary><c>match.any</c>: one of the listed values. An empty list finds nothing.</summary>
internal sealed class MatchAny(MatchList listed) : ElementCheck
{
    public override bool NeverPasses => listed.IsEmpty;

    protected override bool PassesOne(PayloadValue value) => listed.Contains(value);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("match");
        writer.WritePropertyName("any");
        listed.WriteTo(writer);
        writer.WriteEndObject();
    }
}
