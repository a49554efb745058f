using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>range</c> of numbers, compared as floats. Without bounds any number passes.</summary>
internal sealed class NumberRange(double? gt, double? gte, double? lt, double? lte) : ElementCheck
{
    // No number is below, above or like NaN, so a bound that is missing stops none.
    private readonly double _gt = gt ?? double.NaN;
    private readonly double _gte = gte ?? double.NaN;
    private readonly double _lt = lt ?? double.NaN;
    private readonly double _lte = lte ?? double.NaN;

    protected override bool PassesOne(PayloadValue value) =>
        value.TryGetNumber(out var number) && !(number <= _gt || number < _gte || number >= _lt || number > _lte);

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
