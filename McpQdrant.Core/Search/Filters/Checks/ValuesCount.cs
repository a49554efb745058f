using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>values_count</c>: a list's length; 0 for null, 1 for any other value.</summary>
internal sealed class ValuesCount(ulong? gt, ulong? gte, ulong? lt, ulong? lte) : FieldCheck
{
    public override bool Passes(PayloadValue value)
    {
        var count = value.TryGetItems(out var items) ? (ulong)items.Length : value.IsNull ? 0UL : 1UL;
        return !(count <= gt) && !(count < gte) && !(count >= lt) && !(count > lte);
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("values_count");
        Write("gt", gt);
        Write("gte", gte);
        Write("lt", lt);
        Write("lte", lte);
        writer.WriteEndObject();

        void Write(string name, ulong? bound)
        {
            if (bound is { } count)
                writer.WriteNumber(name, count);
        }
    }
}
