using System.Diagnostics;
using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

public sealed class FilterParseTests
{
    private const string FilterUse =
        """A filter is an object with must, must_not, should or min_should, for instance {"must": [{"key": "metadata.project", "match": {"value": "x"}}]}.""";

    private const string ConditionUse =
        """A condition is a key with a check, for instance {"key": "metadata.project", "match": {"value": "x"}}, or one of is_empty, is_null, has_id, has_vector and nested, or a filter.""";

    private const string PathUse =
        """Join keys of letters, digits, _ and - by dots, as in metadata.project; put any other key in double quotes, as in metadata."a key"; [] is every element of a list, [0] the first.""";

    private const string CheckUse =
        """Add match, range, values_count, is_empty, is_null, geo_radius, geo_bounding_box or geo_polygon, for instance "match": {"value": "x"}.""";

    private const string MatchUse =
        """Give {"value": "x"}, {"any": ["x", "y"]}, {"except": ["x"]}, {"text": "part of it"}, {"phrase": "part of it"} or {"text_any": "some words"}.""";

    private const string ValueUse = "Give a text, a whole number of 64 bits, true or false; for other numbers use range, for several values any.";

    private const string IdUse = "An id is a UUID in quotes or a whole number from 0 without quotes.";

    private const string RingUse = """Give {"points": [...]} with four points or more, the last like the first.""";

    [Theory]
    [InlineData("""[]""", $"The filter is a list. {FilterUse}")]
    [InlineData("""5""", $"The filter is 5. {FilterUse}")]
    [InlineData("\"{\\\"must\\\": []}\"", $"The filter is a text. Give the object itself, without quotes around it. {FilterUse}")]
    [InlineData("""{"musst": []}""", $"The filter has the unknown field 'musst'. {FilterUse}")]
    [InlineData("""{"key": "a", "match": {"value": 1}}""", """The filter is a condition by itself. Put it into a list, as in {"must": [{"key": "metadata.project", "match": {"value": "x"}}]}.""")]
    [InlineData("""{"must": [], "must": []}""", "The filter has must twice. Put all its conditions into one list.")]
    [InlineData("""{"must": "x"}""", $"must is the text \"x\". Give a list of conditions. {ConditionUse}")]
    [InlineData("""{"must": [null]}""", $"must[0] is null. {ConditionUse}")]
    [InlineData("""{"must": [{}, [1]]}""", $"must[1] is a list. {ConditionUse}")]
    [InlineData("""{"must": [{"prefix": 1}]}""", $"must[0] has the unknown field 'prefix'. {ConditionUse}")]
    [InlineData("""{"must": [{"match": {"value": 1}}]}""", $"must[0] has match and no key that says where to look. {ConditionUse}")]
    [InlineData("""{"must": [{"key": "a", "value": 1}]}""", $"must[0] has a key and no check that is known. {CheckUse}")]
    [InlineData("""{"must": [{"key": "a", "match": null}]}""", $"must[0] has a key and no check that is known. {CheckUse}")]
    [InlineData("""{"must": [{"key": null, "match": {"value": 1}}]}""", $"must[0].key is null. {PathUse}")]
    [InlineData("""{"must": [{"key": "a b", "match": {"value": 1}}]}""", $"must[0].key is the text \"a b\". That is no path. {PathUse}")]
    [InlineData("""{"must": [{"key": "a", "match": "x"}]}""", $"must[0].match is the text \"x\". {MatchUse}")]
    [InlineData("""{"must": [{"key": "a", "match": {"prefix": "x"}}]}""", $"must[0].match says nothing that is known. {MatchUse}")]
    [InlineData("""{"must": [{"key": "a", "match": {"value": 1.0}}]}""", $"must[0].match.value is 1.0. {ValueUse}")]
    [InlineData("""{"must": [{"key": "a", "match": {"value": [1]}}]}""", $"must[0].match.value is a list. {ValueUse}")]
    [InlineData("""{"must": [{"key": "a", "match": {"value": 9223372036854775808}}]}""", $"must[0].match.value is 9223372036854775808. {ValueUse}")]
    [InlineData("""{"must": [{"key": "a", "match": {"any": "x"}}]}""", """must[0].match.any is the text "x". Give a list of texts or a list of whole numbers, for instance ["x", "y"].""")]
    [InlineData("""{"must": [{"key": "a", "match": {"any": [1, "x"]}}]}""", """must[0].match.any[1] is the text "x". All elements must be texts, or all whole numbers of 64 bits.""")]
    [InlineData("""{"must": [{"key": "a", "match": {"except": [true]}}]}""", "must[0].match.except[0] is true. All elements must be texts, or all whole numbers of 64 bits.")]
    [InlineData("""{"must": [{"key": "a", "match": {"text": 1}}]}""", "must[0].match.text is 1. Give a text.")]
    [InlineData("""{"must": [{"key": "a", "range": 5}]}""", """must[0].range is 5. Give bounds, for instance {"gte": 1, "lt": 10} or {"gte": "2024-05-01T00:00:00Z"}.""")]
    [InlineData("""{"must": [{}, {"key": "a", "range": {"gte": "yesterday"}}]}""", """must[1].range.gte is the text "yesterday". Give a time as 2024-05-01T00:00:00Z or 2024-05-01, or a number without quotes.""")]
    [InlineData("""{"must": [{"key": "a", "range": {"gt": 1, "lt": "2026-01-01"}}]}""", "must[0].range.gt is 1. The bounds of one range are all numbers or all times in quotes.")]
    [InlineData("""{"must": [{"key": "a", "range": {"gt": 1e400}}]}""", "must[0].range.gt is 1e400. Give a number, or a time in quotes.")]
    [InlineData("""{"must": [{"key": "a", "values_count": {"gt": -1}}]}""", "must[0].values_count.gt is -1. Give a whole number from 0.")]
    [InlineData("""{"must": [{"key": "a", "is_empty": "yes"}]}""", """must[0].is_empty is the text "yes". Beside a key, give true or false.""")]
    [InlineData("""{"must": [{"is_empty": "a"}]}""", """must[0].is_empty is the text "a". Give it as {"key": "metadata.project"}.""")]
    [InlineData("""{"must": [{"is_null": {}}]}""", """must[0].is_null lacks key. Give it as {"key": "metadata.project"}.""")]
    [InlineData("""{"must": [{"has_id": 1}]}""", "must[0].has_id is 1. Give a list of ids.")]
    [InlineData("""{"must": [{"has_id": [1, "1"]}]}""", $"must[0].has_id[1] is the text \"1\". {IdUse}")]
    [InlineData("""{"must": [{"has_id": [1.0]}]}""", $"must[0].has_id[0] is 1.0. {IdUse}")]
    [InlineData("""{"must": [{"has_vector": 1}]}""", "must[0].has_vector is 1. Give a vector's name, or \"\" for the unnamed one.")]
    [InlineData("""{"must": [{"nested": {"key": "a"}}]}""", """must[0].nested lacks filter. Give it as {"key": "metadata.items", "filter": {"must": [...]}}.""")]
    [InlineData("""{"should": {"nested": {"key": "a", "filter": {"must_not": [{"key": "b", "range": {"lte": true}}]}}}}""", "should.nested.filter.must_not[0].range.lte is true. Give a number, or a time in quotes.")]
    [InlineData("""{"min_should": []}""", """min_should is a list. Give it as {"conditions": [...], "min_count": 2}.""")]
    [InlineData("""{"min_should": {"conditions": []}}""", """min_should lacks min_count. Give it as {"conditions": [...], "min_count": 2}.""")]
    [InlineData("""{"min_should": {"conditions": {}, "min_count": 1}}""", "min_should.conditions is an object. Give a list of conditions.")]
    [InlineData("""{"min_should": {"conditions": [{}, 1], "min_count": 1}}""", $"min_should.conditions[1] is 1. {ConditionUse}")]
    [InlineData("""{"must": [{"key": "a", "geo_radius": {"center": {"lon": 1, "lat": 91}, "radius": 1}}]}""", "must[0].geo_radius.center.lat is 91. Give degrees from -90 to 90.")]
    [InlineData("""{"must": [{"key": "a", "geo_radius": {"center": {"lon": 1, "lat": 9}}}]}""", """must[0].geo_radius lacks radius. Give {"center": {"lon": 13.4, "lat": 52.5}, "radius": 1000}, the radius in metres.""")]
    [InlineData("""{"must": [{"key": "a", "geo_polygon": {"exterior": {"points": [{"lon": 1, "lat": 1}]}}}]}""", $"must[0].geo_polygon.exterior has 1 points. {RingUse}")]
    [InlineData("""{"must": [{"key": "a", "geo_polygon": {"exterior": {"points": [{"lon": 0, "lat": 0}, {"lon": 1, "lat": 0}, {"lon": 1, "lat": 1}, {"lon": 0, "lat": 1}]}}}]}""", $"must[0].geo_polygon.exterior ends in another point than it starts with. {RingUse}")]
    [InlineData("""{"must": [{"key": "a", "match": {"value": "\ud800"}}]}""", "The filter holds a text that is no Unicode, such as half of a surrogate pair. Leave it out.")]
    [InlineData("""{"\udc00": 1}""", "The filter holds a text that is no Unicode, such as half of a surrogate pair. Leave it out.")]
    public void Parse_refuses_with_the_place_and_what_is_allowed(string json, string sentence)
    {
        var refusal = Assert.Throws<FilterException>(() => Filter.Parse(JsonElement.Parse(json)));

        Assert.Equal(sentence, refusal.Message);
    }

    /// <summary>All recorded requests with filters but those that have none, which isn't for this parser to see.</summary>
    public static TheoryData<string> RecordedNames =>
        [.. Recorded().Select(step => step.GetProperty("name").GetString()!).Except(["filter: filter null"])];

    [Theory]
    [MemberData(nameof(RecordedNames))]
    public void Parse_refuses_what_qdrant_refused_and_nothing_else(string name)
    {
        var step = Recorded().Single(step => step.GetProperty("name").GetString() == name);

        var refusal = Record.Exception(() => Filter.Parse(step.GetProperty("request").GetProperty("body").GetProperty("filter")));

        Assert.Equal(step.GetProperty("response").GetProperty("status").GetInt32() >= 400, refusal is FilterException);
    }

    [Theory]
    [InlineData("""{"must": [{"key": "a", "match": {"value": 1}, "must": "ignored"}]}""")]
    [InlineData("""{"must": [{"key": "a", "match": {"value": null, "any": ["x"]}, "range": null}]}""")]
    [InlineData("""{"must": [{"key": "a", "match": {"any": [], "unknown": 1}}]}""")]
    [InlineData("""{"must": [{"key": "a", "range": {"above": "x"}}]}""")]
    [InlineData("""{"must": [{"is_empty": {"key": "a"}, "unknown": 1}]}""")]
    [InlineData("""{"must": [{"has_id": ["urn:uuid:4d3e2f1a-0b9c-4d8e-8f7a-6b5c4d3e2f1a", "{4D3E2F1A-0B9C-4D8E-8F7A-6B5C4D3E2F1A}", 18446744073709551615]}]}""")]
    [InlineData("""{"must_not": {}, "should": null, "min_should": null}""")]
    public void Parse_ignores_what_qdrant_ignores(string json) => Assert.Null(Record.Exception(() => Filter.Parse(JsonElement.Parse(json))));

    [Theory]
    [InlineData(30, false)]
    [InlineData(31, true)]
    [InlineData(5_000, true)]
    public void Parse_refuses_filters_nested_too_deeply(int depth, bool isRefused)
    {
        var json = string.Concat(Enumerable.Repeat("""{"must":[""", depth - 1)) + "{}" + string.Concat(Enumerable.Repeat("]}", depth - 1));

        AssertQuick(json, isRefused ? $"{string.Join('.', Enumerable.Repeat("must[0]", 30))} is a filter within 30 others. Nest less deeply." : null);
    }

    [Theory]
    [InlineData(1000, 1, false)]
    [InlineData(1001, 1, true)]
    [InlineData(1, 1000, true)]
    [InlineData(100_000, 1, true)]
    public void Parse_refuses_too_many_conditions(int conditions, int words, bool isRefused)
    {
        var condition = words == 1 ? "{}" : $$$"""{"key":"a","match":{"text_any":"{{{string.Join(' ', Enumerable.Repeat("w", words))}}}"}}""";
        var json = $$"""{"must":[{{string.Join(',', Enumerable.Repeat(condition, conditions))}}]}""";

        AssertQuick(json, isRefused
            ? "The filter has more than 1000 conditions, among which each point of a polygon and each word of text_any counts. "
                + "Ask in several steps, or list values in match.any, where they don't count."
            : null);
    }

    [Theory]
    [InlineData(25_000, false)]
    [InlineData(30_000, true)]
    public void Parse_refuses_more_than_a_mebibyte(int ids, bool isRefused) =>
        AssertQuick(
            $$"""{"must":[{"has_id":[{{string.Join(',', Enumerable.Range(0, ids).Select(_ => $"\"{Guid.NewGuid()}\""))}}]}]}""",
            isRefused ? "The filter is longer than 1048576 bytes. Ask in several steps." : null);

    private static void AssertQuick(string json, string? sentence)
    {
        var element = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = int.MaxValue }).RootElement;
        var watch = Stopwatch.StartNew();

        var refusal = Record.Exception(() => Filter.Parse(element));

        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
        Assert.Equal(sentence, refusal?.Message);
    }

    private static IEnumerable<JsonElement> Recorded() => JsonElement
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3", "exchanges", "errors.json")))
        .EnumerateArray()
        .Where(step => step.GetProperty("name").GetString()!.StartsWith("filter:", StringComparison.Ordinal));
}
