using System.Collections.Frozen;
using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary>The texts or the integers that <c>match.any</c> and <c>match.except</c> list.</summary>
internal sealed class MatchList
{
    private readonly FrozenSet<string> _texts = [];
    private readonly FrozenSet<long> _integers = [];

    public MatchList(IEnumerable<string> texts) => _texts = texts.ToFrozenSet(StringComparer.Ordinal);

    public MatchList(IEnumerable<long> integers) => _integers = integers.ToFrozenSet();

    public bool IsEmpty => _texts.Count == 0 && _integers.Count == 0;

    public bool Contains(PayloadValue value) =>
        value.TryGetText(out var text) ? _texts.Contains(text) : value.TryGetInteger(out var integer) && _integers.Contains(integer);

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var text in _texts)
            writer.WriteStringValue(text);
        foreach (var integer in _integers)
            writer.WriteNumberValue(integer);
        writer.WriteEndArray();
    }
}

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
