using System.Text.Json;
using McpQdrant.Core.Search.Filters.Checks;

namespace McpQdrant.Core.Search.Filters.Conditions;

/// <summary><c>is_empty</c> around a key: whatever stands there is null or an empty list, or nothing stands there.</summary>
internal sealed class IsEmptyCondition(FieldPath path) : Condition
{
    private static readonly IsEmptyCheck HasContent = new(expected: false);

    internal override bool Matches(PayloadValue payload, IFilterSubject? point) => path.Any(payload, HasContent) != true;

    public override bool Reads(string topLevelKey) => path.Root == topLevelKey;

    public override Condition MapKeys(Func<string, string> map) => new IsEmptyCondition(path.Map(map));

    internal override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("is_empty");
        writer.WriteString("key", path.ToString());
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
