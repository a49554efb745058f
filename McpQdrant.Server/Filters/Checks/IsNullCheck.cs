using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

/// <summary><c>is_null</c> beside a key: whether the value is null or a list that holds null, as expected.</summary>
internal sealed class IsNullCheck(bool expected) : FieldCheck
{
    public bool Expected => expected;

    public override bool Passes(PayloadValue value)
    {
        if (!value.TryGetItems(out var items))
            return value.IsNull == expected;

        foreach (var item in items)
        {
            if (item.IsNull)
                return expected;
        }

        return !expected;
    }

    public override void WriteTo(Utf8JsonWriter writer) => writer.WriteBoolean("is_null", expected);
}
