using System.Text.Json;
using McpQdrant.Core.Search.Filters.Checks;

namespace McpQdrant.Core.Search.Filters.Conditions;

/// <summary><c>nested</c>: one object of a list satisfies the whole filter. Elements that aren't objects are passed over.</summary>
internal sealed class NestedCondition(FieldPath path, Filter filter) : Condition
{
    private readonly FieldPath _elements = path.OfElements();
    private readonly ValueCheck _check = new SatisfyingObject(filter);

    internal override bool Matches(PayloadValue payload, IFilterSubject? point) => _elements.Any(payload, _check) == true;

    public override bool Reads(string topLevelKey) => path.Root == topLevelKey;

    public override Condition MapKeys(Func<string, string> map) => new NestedCondition(path.Map(map), filter);

    internal override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("nested");
        writer.WriteString("key", path.ToString());
        writer.WritePropertyName("filter");
        filter.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private sealed class SatisfyingObject(Filter filter) : ValueCheck
    {
        public override bool Passes(PayloadValue value) => value.IsObject && filter.Matches(value, point: null);
    }
}
