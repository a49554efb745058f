using System.Collections.Frozen;
using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

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
