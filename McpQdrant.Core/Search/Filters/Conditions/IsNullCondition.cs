using System.Text.Json;
using McpQdrant.Core.Search.Filters.Checks;

namespace McpQdrant.Core.Search.Filters.Conditions;

/// <summary><c>is_null</c> around a key: null itself stands there. Unlike <c>is_null</c> beside a key, a list that holds null is not null.</summary>
internal sealed class IsNullCondition(FieldPath path) : Condition
{
    private static readonly ValueCheck Null = new NullItself();

    internal override bool Matches(PayloadValue payload, IFilterSubject? point) => path.Any(payload, Null) == true;

    public override bool Reads(string topLevelKey) => path.Root == topLevelKey;

    public override Condition MapKeys(Func<string, string> map) => new IsNullCondition(path.Map(map));

    internal override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("is_null");
        writer.WriteString("key", path.ToString());
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private sealed class NullItself : ValueCheck
    {
        public override bool Passes(PayloadValue value) => value.IsNull;
    }
}
