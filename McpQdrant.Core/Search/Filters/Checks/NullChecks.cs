using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

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

/// <summary><c>is_empty</c> beside a key: whether the value is null or an empty list, as expected.</summary>
internal sealed class IsEmptyCheck(bool expected) : FieldCheck
{
    public bool Expected => expected;

    public override bool Passes(PayloadValue value) => IsEmpty(value) == expected;

    public static bool IsEmpty(PayloadValue value) => value.IsNull || (value.TryGetItems(out var items) && items.IsEmpty);

    public override void WriteTo(Utf8JsonWriter writer) => writer.WriteBoolean("is_empty", expected);
}
