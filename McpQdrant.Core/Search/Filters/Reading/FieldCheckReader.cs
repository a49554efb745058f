using McpQdrant.Core.Search.Filters.Checks;

namespace McpQdrant.Core.Search.Filters;

/// <summary>Reads what a condition asks of the values at its key.</summary>
internal sealed class FieldCheckReader(FilterBudget budget)
{
    private const string CheckUse =
        """Add match, range, values_count, is_empty, is_null, geo_radius, geo_bounding_box or geo_polygon, for instance "match": {"value": "x"}.""";

    private const string MatchUse =
        """Give {"value": "x"}, {"any": ["x", "y"]}, {"except": ["x"]}, {"text": "part of it"}, {"phrase": "part of it"} or {"text_any": "some words"}.""";

    private const string ValueUse = "Give a text, a whole number of 64 bits, true or false; for other numbers use range, for several values any.";

    private const string ListUse = """Give a list of texts or a list of whole numbers, for instance ["x", "y"].""";

    private const string TextUse = "Give a text.";

    private const string CountUse = "Give a whole number from 0.";

    private const string RangeUse = """Give bounds, for instance {"gte": 1, "lt": 10} or {"gte": "2024-05-01T00:00:00Z"}.""";

    /// <param name="condition">An object with a key.</param>
    /// <exception cref="FilterException">A check can't be read, or there is none.</exception>
    public IReadOnlyList<FieldCheck> Read(FilterNode condition)
    {
        FieldCheck?[] checks =
        [
            condition.Member("match") is { } match ? Match(match.Object(MatchUse)) : null,
            condition.Member("range") is { } range ? Range(range.Object(RangeUse)) : null,
            .. new GeoCheckReader(budget).Read(condition),
            condition.Member("values_count") is { } count ? Count(count.Object("""Give bounds, for instance {"gte": 1}.""")) : null,
            condition.Member("is_empty") is { } empty ? new IsEmptyCheck(empty.Boolean("Beside a key, give true or false.")) : null,
            condition.Member("is_null") is { } isNull ? new IsNullCheck(isNull.Boolean("Beside a key, give true or false.")) : null,
        ];

        FieldCheck[] given = [.. checks.OfType<FieldCheck>()];
        return given.Length > 0 ? given : throw condition.Refusal($"has a key and no check that is known. {CheckUse}");
    }

    /// <summary>Of several kinds the first counts, in the order in which Qdrant tries them.</summary>
    private ElementCheck Match(FilterNode match)
    {
        if (match.Member("value") is { } value)
            return new MatchValue(Value(value));
        if (match.Member("text") is { } text)
            return new MatchText("text", text.Text(TextUse));
        if (match.Member("text_any") is { } words)
            return TextAny(words);
        if (match.Member("phrase") is { } phrase)
            return new MatchText("phrase", phrase.Text(TextUse));
        if (match.Member("any") is { } any)
            return new MatchAny(List(any));
        if (match.Member("except") is { } except)
            return new MatchExcept(List(except));

        throw match.Refusal($"says nothing that is known. {MatchUse}");
    }

    private static PayloadValue Value(FilterNode value)
    {
        if (value.IsText)
            return new PayloadValue(value.Text(ValueUse));

        return value.TryGetInteger(out var integer) ? new PayloadValue(integer) : new PayloadValue(value.Boolean(ValueUse));
    }

    private MatchTextAny TextAny(FilterNode words)
    {
        var check = new MatchTextAny(words.Text(TextUse));
        budget.Spend(check.Count);
        return check;
    }

    private static MatchList List(FilterNode list)
    {
        var items = list.Items(ListUse);
        return items.All(item => item.IsText)
            ? new MatchList(items.Select(item => item.Text(ListUse)))
            : new MatchList(items.Select(item => item.TryGetInteger(out var integer)
                ? integer
                : throw item.NotUsable("All elements must be texts, or all whole numbers of 64 bits.")));
    }

    private static ElementCheck Range(FilterNode range)
    {
        FilterNode? gt = range.Member("gt"), gte = range.Member("gte"), lt = range.Member("lt"), lte = range.Member("lte");
        var isOfTimes = gt?.IsText == true || gte?.IsText == true || lt?.IsText == true || lte?.IsText == true;
        return isOfTimes
            ? new TimeRange(Time(gt), Time(gte), Time(lt), Time(lte))
            : new NumberRange(Number(gt), Number(gte), Number(lt), Number(lte));
    }

    private static double? Number(FilterNode? bound) => bound?.Number("Give a number, or a time in quotes.");

    private static TimeBound? Time(FilterNode? bound)
    {
        if (bound is not { } node)
            return null;

        var text = node.Text("The bounds of one range are all numbers or all times in quotes.");
        return Timestamp.TryParse(text, out var at)
            ? new TimeBound(text, at)
            : throw node.NotUsable("Give a time as 2024-05-01T00:00:00Z or 2024-05-01, or a number without quotes.");
    }

    private static ValuesCount Count(FilterNode count) => new(
        count.Member("gt")?.Count(CountUse),
        count.Member("gte")?.Count(CountUse),
        count.Member("lt")?.Count(CountUse),
        count.Member("lte")?.Count(CountUse));
}
