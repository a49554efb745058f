using System.Text.Json;

namespace McpQdrant.Server.Filters.Checks;

/// <summary><c>range</c> of numbers, compared as floats. Without bounds any number passes.</summary>
internal sealed class NumberRange(double? gt, double? gte, double? lt, double? lte) : ElementCheck
{
    protected override bool PassesOne(PayloadValue value) =>
        value.TryGetNumber(out var number)
        && !(number <= gt) && !(number < gte) && !(number >= lt) && !(number > lte);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("range");
        Write("gt", gt);
        Write("gte", gte);
        Write("lt", lt);
        Write("lte", lte);
        writer.WriteEndObject();

        void Write(string name, double? bound)
        {
            if (bound is { } number)
                writer.WriteNumber(name, number);
        }
    }
}
