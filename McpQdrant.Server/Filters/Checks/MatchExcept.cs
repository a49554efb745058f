using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

/// <summary><c>match.except</c>: a value, of any type but null, that isn't listed. An empty list finds whatever has a value.</summary>
internal sealed class MatchExcept(MatchList listed) : ElementCheck
{
    protected override bool PassesOne(PayloadValue value) => !value.IsNull && !listed.Contains(value);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("match");
        writer.WritePropertyName("except");
        listed.WriteTo(writer);
        writer.WriteEndObject();
    }
}
