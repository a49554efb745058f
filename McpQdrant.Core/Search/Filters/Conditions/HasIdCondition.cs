using System.Collections.Frozen;
using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Conditions;

/// <summary><c>has_id</c>: the point is one of these.</summary>
internal sealed class HasIdCondition(IEnumerable<PointId> ids) : Condition
{
    private readonly FrozenSet<PointId> _ids = ids.ToFrozenSet();

    internal override bool? Constant => _ids.Count == 0 ? false : null;

    internal override bool Matches(PayloadValue payload, IFilterSubject? point) => point is not null && _ids.Contains(point.Id);

    public override bool Reads(string topLevelKey) => false;

    public override Condition MapKeys(Func<string, string> map) => this;

    internal override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("has_id");
        foreach (var id in _ids)
        {
            if (id.IsNumber)
                writer.WriteNumberValue(id.Number);
            else
                writer.WriteStringValue(id.Uuid);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
